// Recognises e-mail addresses, phone numbers and personal numbers in a text. It is used to warn, never to stop.

const EMAIL = /[^\s@<>()]+@[^\s@<>()]+\.[a-zåäö]{2,}/i;
const PHONE = /(?:\+|00)\d{1,3}[\s-]?(?:\d[\s-]?){6,11}\d|\b0\d{1,3}[\s-]?(?:\d[\s-]?){4,7}\d\b/;
const PERSONAL_NUMBER = /\b(?:\d{2})?(\d{6})[-+ ]?(\d{4})\b/g;

/** Check the last digit of a Swedish personal or coordination number (Luhn's formula over ten digits). */
function hasValidCheckDigit(digits) {
  let sum = 0;
  for (const [index, char] of [...digits].entries()) {
    const product = Number(char) * (index % 2 ? 1 : 2);
    sum += product > 9 ? product - 9 : product;
  }
  return sum % 10 === 0;
}

export function looksPersonal(text) {
  if (EMAIL.test(text) || PHONE.test(text)) return true;
  for (const [, birth, rest] of text.matchAll(PERSONAL_NUMBER)) {
    const month = Number(birth.slice(2, 4));
    const day = Number(birth.slice(4, 6)) % 60;
    if (month >= 1 && month <= 12 && day >= 1 && day <= 31 && hasValidCheckDigit(birth + rest)) return true;
  }
  return false;
}
