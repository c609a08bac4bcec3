//go:build race

package callbacks_test

const raceOn = true
