import currencyCodes from 'currency-codes';

/** In force since 2025; missing in the package's list. */
const NEWER = ['XCG'];

/** Listed codes without minor units: metals, units of account, test code and "no currency". */
const WITHOUT_MINOR_UNITS = /^(XA[GU]|XP[DT]|XB[ABCD]|XDR|XSU|XTS|XUA|XXX)$/;

const codes: ReadonlySet<string> = new Set(
  [...currencyCodes.codes(), ...NEWER].filter((code) => !WITHOUT_MINOR_UNITS.test(code)),
);

/** Returns whether a code is an upper-case ISO 4217 code with minor units. */
export const isCurrency = (code: string): boolean => codes.has(code);
