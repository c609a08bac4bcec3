// Package redistest starts real Redis servers, Sentinels and Clusters for tests: processes on free ports of the loopback
// address, with their data in a folder of their own.
//
// Its one rule: nothing outlives its test. A test without a redis-server on the machine is skipped with its reason, or
// fails where KVITTO_REQUIRE_REDIS is 1.
//
// Servers write their append-only file, send replicas their data at once, and allow DEBUG; settings of a test come after
// these. Start and Close serve programs, New and the like serve tests.
package redistest
