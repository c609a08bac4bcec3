//go:build !race

package shipping_test

const raceOn = false
