/**
 * A pass of any kind on paper: the address behind its QR code, and six characters to type. Its codes are in this one
 * answer only: never behind a redirect, in a history or in a session.
 */
import { originOf } from '../../http/origin.js';
import { page, type AnyCall, type PageAnswer } from '../../http/route.js';
import { qrSvg } from '../../rendering/qr.js';
import { addressWarning } from '../../school/shared-address.js';
import { spacedCode, type PassFaces } from './pass.js';

/** @param origin where people reach this installation, e.g. `https://vitrine.school.example` */
export const facesView = (origin: string, { secret, code }: PassFaces) => ({
  passUrl: `${origin}/pass/${secret}`,
  code: spacedCode(code),
});

/** What is said of a pass, with the QR code of its address; empty where it has none. */
export const withQr = async <P extends { passUrl: string | null }>(pass: P) => ({
  ...pass,
  qrHtml: pass.passUrl ? await qrSvg(pass.passUrl) : '',
});

/** @param template of the page to print; it is told where the code is typed and whether others reach that address */
export const printedPage = async (
  call: AnyCall,
  template: string,
  view: object,
  title: string,
): Promise<PageAnswer> =>
  page(
    template,
    {
      ...view,
      addressWarning: await addressWarning(call, 'codes'),
      typeAt: `${originOf(call)}/pass`.replace(/^https?:\/\//, ''),
    },
    { title, status: 201, layout: 'bare', scripts: ['print'] },
  );
