import currencyCodes from 'currency-codes';

/** In force since 2025, after the package's list. */
const NEWER = ['XCG'];

/** Listed, but in no minor units: metals, units of account, test and "no currency". */
const WITHOUT_MINOR_UNITS = /^(XA[GU]|XP[DT]|XB[ABCD]|XDR|XSU|XTS|XUA|XXX)$/;

const codes: ReadonlySet<string> = new Set(
  [...currencyCodes.codes(), ...NEWER].filter((code) => !WITHOUT_MINOR_UNITS.test(code)),
);

/** Whether amounts can be held in it: a code of ISO 4217 with minor units, in capitals. */
export const isCurrency = (code: string): boolean => codes.has(code);
