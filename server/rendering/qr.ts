/** The square code of an address, as it stands on passes and signs. */
import QRCode from 'qrcode';

/** Always dark on white with its quiet zone: a code in dark mode's colours is not read by every camera. */
export const qrSvg = (address: string): Promise<string> =>
  QRCode.toString(address, {
    type: 'svg',
    errorCorrectionLevel: 'M',
    margin: 4,
    color: { dark: '#1c1b19', light: '#ffffff' },
  });
