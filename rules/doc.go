// Package rules is what a plug-in sees: hooks, decisions, the engine that asks them and the registry
// that names them. YAML tables are engines behind the same hooks.
//
// Its one rule: a rejection is a value (Decision); an error means that we failed.
//
// # The life of a plug-in
//
//  1. New. The registry makes a fresh value, once to see which hooks it has and once for each place in the
//     configuration that names it. New may allocate; it may not fail, block, start a goroutine or open anything.
//  2. Configure (Configurer). The value decodes its own part of the configuration, strictly: every fault is a
//     finding with its place, all of them in one run, an unknown key too. It checks what it decoded, so nothing is
//     left that could be wrong later. It may read files; it may not block on a network or start anything. Where
//     there is a finding of severity Error the value is dropped.
//  3. Provision (Provisioner). Clients, caches, goroutines. It may fail and it may block until its context ends, at
//     most 30 seconds; the context ends with the call. A failure keeps the rules in use that were in use. Call it
//     through Provision, which holds panics back and does not wait for one that ignores its context.
//  4. Serving. The hooks are called by many goroutines at once. From here on the value is read-only, or guards
//     what changes by itself. A hook must return when its context ends, keeps nothing of the Query, changes nothing
//     in it, and answers the same question with the same answer. It may allocate; what it blocks on comes out of
//     its share of the callback's budget. A panic, an error or silence costs this one call: see Member.
//  5. Close (io.Closer). After the last request that could reach the value, the earlier engines of validation
//     included. It may fail and may block for 5 seconds; no hook runs any more, except one that was cut off and
//     has not returned yet. Call it through Close, which holds panics back and then waits no longer.
//
// A value that fails in step 3 is closed if it has Close: Close must stand a value that was never provisioned, and a
// Provision that has not returned yet. One that fails in step 2 is not.
//
// # What a plug-in may do to the service
//
// Compiled-in code is the merchant's own. A panic in a hook is caught; a panic in a goroutine that the plug-in
// started itself, os.Exit or a data race end the process, as they would anywhere in Go.
package rules
