package redistest

import (
	"fmt"
	"net"
)

// host is where everything listens.
const host = "127.0.0.1"

// freePorts finds ports that nobody listens on at this moment. All are held until all are found, so that they differ.
func freePorts(n int) ([]int, error) {
	ports := make([]int, n)
	for i := range ports {
		l, err := net.Listen("tcp", host+":0")
		if err != nil {
			return nil, fmt.Errorf("redistest: free port: %w", err)
		}
		defer l.Close() //nolint:errcheck // it was only held
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}
