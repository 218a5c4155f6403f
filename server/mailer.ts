/**
 * Sends e-mail through the server that the installation names; without one there is none, and everything that
 * needs it says so. Refuses nothing: what could not be sent is the caller's to tell or to log.
 */
import { createTransport } from 'nodemailer';

interface Mail {
  to: string;
  subject: string;
  text: string;
}

export interface Mailer {
  /** @throws what the mail server said */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** Milliseconds for which a mail server may keep silent. */
const PATIENCE = 15_000;

export function openMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = createTransport(
    {
      ...{ url, pool: true, maxConnections: 2 },
      ...{ connectionTimeout: PATIENCE, greetingTimeout: PATIENCE, socketTimeout: PATIENCE },
      // Nothing that somebody typed names a file or an address to be fetched.
      ...{ disableFileAccess: true, disableUrlAccess: true },
    },
    { from },
  );
  return {
    send: async ({ to, subject, text }) => {
      await transport.sendMail({ to: { name: '', address: to }, subject, text });
    },
    close: () => transport.close(),
  };
}
