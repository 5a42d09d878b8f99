// Which names are secret: one list for the error page, the log, Form and kept forms.

import test from 'ava';
import { isSecretName, secretNames } from '../../engine/forms/secret-fields.ts';

const SECRET = [
  'password',
  'Password',
  'newPassword',
  'password_2',
  'password2',
  'passwd',
  'pwd',
  'user_pwd',
  'passphrase',
  'passcode',
  'pin',
  'PIN',
  'card-pin',
  'otp',
  'cvc',
  'card[cvc]',
  'CVV',
  'secret',
  'clientSecret',
  'mysecret',
  'userpassword',
  'token',
  'authtoken',
  'dbpwd',
  'csrf_token',
  'accessToken',
  'iban',
  'IBAN',
  'cardNumber',
  'card_number',
  'cardnumber',
  'creditCard',
  'ccNumber',
  'api_key',
  'apiKey',
  'APIKey',
  'private-key',
  'sessionId',
  'session_id',
  'authorization',
  'Authorization',
  'cookie',
  'Set-Cookie',
  'credentials',
  'securityCode',
];

const OPEN = [
  'passenger',
  'passport',
  'compass',
  'spinner',
  'spin',
  'pinboard',
  'author',
  'authors',
  'card',
  'discard',
  'postcard',
  'number',
  'key',
  'keyboard',
  'monkey',
  'name',
  'email',
  'tokenize',
  'ibanez',
  'session',
  'id',
  '',
  '[]',
  'code',
  'zip_code',
  'account',
  'api',
  'option',
];

test('words that make a name secret', (t) => {
  t.deepEqual(
    SECRET.filter((name) => !isSecretName(name)),
    [],
  );
});

test('words that only look like them', (t) => {
  t.deepEqual(
    OPEN.filter((name) => isSecretName(name)),
    [],
  );
});

test('further words of the configuration', (t) => {
  const isSecret = secretNames(['maiden', 'Steuernummer', 'taxId']);
  for (const name of ['mothers_maiden_name', 'Steuernummer', 'tax_id', 'myTaxId', 'password'])
    t.true(isSecret(name), name);
  for (const name of ['name', 'tax', 'id', 'idTax']) t.false(isSecret(name), name);
  t.false(secretNames([])('maiden'));
  t.false(secretNames(['-'])('name'));
});
