package cmd

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

func (p *Program) healthCommand() *cobra.Command {
	var admin string
	c := &cobra.Command{
		Use:   "health",
		Short: "Ask a running service whether it can price; for container health checks",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return ready(c.Context(), admin)
		},
	}
	c.Flags().StringVar(&admin, "admin", "127.0.0.1:9090", "address of the admin listener")
	return c
}

// ready asks /readyz and returns an error unless it answers 200 within two seconds.
func ready(ctx context.Context, admin string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+admin+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("--admin %q: %w", admin, err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("no answer from the admin listener: %w", err)
	}
	if err := resp.Body.Close(); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: the service at %s answers %d", admin, resp.StatusCode)
	}
	return nil
}
