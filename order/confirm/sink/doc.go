// Package sink holds the sinks that need nothing but a shop: a webhook that is called, and a spool folder.
//
//	| sink    | an order is taken when                                | is known again by                    |
//	|---------|-------------------------------------------------------|--------------------------------------|
//	| Webhook | the shop has answered 2xx                             | webhook-id, which the shop remembers |
//	| Spool   | file and folder are on the disk (fsync)               | the file's name                      |
//
// What the shop's answer to a webhook means:
//
//	| answer                    | is                                                                             |
//	|---------------------------|--------------------------------------------------------------------------------|
//	| 2xx                       | taken, whatever the answer looks like; its members are used as far as they fit |
//	| 410                       | rules.ErrSinkGone                                                              |
//	| 429, 503 with Retry-After | *rules.Later                                                                   |
//	| anything else             | *StatusError; a redirect is never followed                                     |
//	| none                      | *UnreachableError                                                              |
//	| not asked                 | ErrBreaker, after several that failed                                          |
//
// Its one rule: an error means that the event comes again, and nil that the merchant has it; there is no third answer. Errors
// hold nothing of the event and nothing of what the shop said.
package sink
