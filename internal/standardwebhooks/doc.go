// Package standardwebhooks signs and verifies requests by Standard Webhooks 1.0
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, read 2026-11-25). What is
// signed is the id, the time in seconds and the body, with a full stop between them; the signatures stand in one header with
// a blank between them:
//
//	| secret               | version | is                                                          |
//	|----------------------|---------|-------------------------------------------------------------|
//	| whsec_ and base64    | v1      | HMAC-SHA256; both sides know the key                        |
//	| anything else        | v1      | the same, the text itself is the key                        |
//	| whsk_ and base64     | v1a     | ed25519; the other side needs only the public key, whpk_    |
//
// Its one rule: nothing that is printed shows a secret, whatever the verb and whatever holds it.
package standardwebhooks
