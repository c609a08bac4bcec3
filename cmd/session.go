package cmd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/order/checkout"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/order/rest"
)

// sessionFlags are those of every command that calls the provider.
type sessionFlags struct {
	config, merchant, format, key string
	timeout                       time.Duration
	yes                           bool
}

// session is one command's talk with the provider as one merchant.
type session struct {
	full       bool // the merchant's orders are taken over here
	p          *Program
	f          *sessionFlags
	merchant   string
	management *management.Client
	checkout   *checkout.Client
	unsure     bool // the provider may have done what failed
}

// asking is a command that calls the provider. It reads or changes; final ones move money or end an order.
type asking struct {
	use, short, long string
	args             int
	changes, final   bool
	run              func(context.Context, *session, []string) error
}

// asks makes the command.
func (p *Program) asks(a asking) *cobra.Command {
	f := &sessionFlags{}
	c := &cobra.Command{
		Use:   a.use,
		Short: a.short,
		Long:  strings.TrimSpace(a.short + ".\n" + a.long),
		Args:  cobra.ExactArgs(a.args),
		RunE: func(c *cobra.Command, args []string) error {
			s, closeAll, err := p.openSession(f)
			if err != nil {
				return p.failed(f.format, err, toldOf)
			}
			defer closeAll()
			return s.tell(p.failed(f.format, a.run(c.Context(), s, args), s.told))
		},
	}
	c.Flags().StringVar(&f.config, "config", "", "configuration file")
	c.Flags().StringVar(&f.merchant, "merchant", "", "merchant id; may be left out where there is one")
	c.Flags().DurationVar(&f.timeout, "timeout", 30*time.Second, "how long each call may take")
	addFormat(c, &f.format)
	required(c, "config")
	if a.changes {
		c.Flags().StringVar(&f.key, "idempotency-key", "", "UUID of this very action, to repeat it safely within 24 hours; a new one if not given")
	}
	if a.final {
		c.Flags().BoolVar(&f.yes, "yes", false, "do not ask")
	}
	return c
}

// openSession makes the clients of the merchant that the flags name.
func (p *Program) openSession(f *sessionFlags) (*session, func(), error) {
	if f.format != "text" && f.format != "json" {
		return nil, nil, fmt.Errorf("--format %q: want text or json", f.format)
	}
	if f.key == "" {
		random, err := uuid.NewRandom()
		if err != nil {
			return nil, nil, err
		}
		f.key = random.String()
	}
	cfg, err := p.loadConfig(f.config)
	if err != nil {
		return nil, nil, err
	}
	m, err := findMerchant(cfg, f.merchant)
	if err != nil {
		return nil, nil, err
	}
	if m.Provider == nil {
		return nil, nil, fmt.Errorf("merchant %s has no `provider` in the configuration: its base_url and credentials are needed", m.ID)
	}
	transport := egress.Transport(providerGuard(m, new(source).guard(cfg)))
	client, err := managementClient(m, transport, p.Now)
	if err != nil {
		return nil, nil, fmt.Errorf("merchant %s: %w", m.ID, err)
	}
	s := &session{p: p, f: f, merchant: m.ID, full: m.Mode == "full", management: client, checkout: checkout.Over(client.Way())}
	return s, transport.CloseIdleConnections, nil
}

// within runs one call within the time that a call may take.
func within[T any](ctx context.Context, s *session, call func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, s.f.timeout)
	defer cancel()
	return call(ctx)
}

// tell turns an error of the provider into words and a status: 1 where the provider refused, 2 where it was not asked or did
// not answer.
func (s *session) tell(err error) error {
	var e *rest.Error
	if !errors.As(err, &e) {
		return err
	}
	s.p.tell("kvitto: %v\n", err)
	for _, m := range e.Messages {
		s.p.tell("  %s\n", printable(m))
	}
	if errors.Is(err, rest.ErrRateLimited) && e.RetryAfter > 0 {
		s.p.tell("  come again in %v\n", e.RetryAfter)
	}
	if s.unsure {
		s.p.tell("  it is not known whether the provider did it: look at the order, or repeat the command with --idempotency-key %s\n", s.f.key)
	}
	if e.Status >= 400 && e.Status < 500 && !errors.Is(err, rest.ErrRateLimited) && !errors.Is(err, rest.ErrUnavailable) {
		return errFindings
	}
	return errTold
}

// told is why the command failed, for a machine.
func (s *session) told(err error) *told {
	t := toldOf(err)
	if s.unsure {
		t.Unsure, t.Key = true, s.f.key
	}
	return t
}

// sent is the error of a change, which the provider may have made all the same.
func (s *session) sent(err error) error {
	notSent := errors.Is(err, rest.ErrBreaker) || errors.Is(err, rest.ErrNotSent)
	s.unsure = errors.Is(err, rest.ErrUnavailable) && !notSent || errors.Is(err, rest.ErrAnswer)
	return err
}

// errTold ends a command that could not run and has said why.
var errTold = errors.New("told")

// agree asks before money is moved or an order ended.
func (s *session) agree(what string) error {
	return s.p.agree(s.f.yes, what, "this moves money or ends an order")
}

// agree asks whether to go on, unless yes. because says why somebody has to be asked.
func (p *Program) agree(yes bool, what, because string) error {
	if yes {
		return nil
	}
	in, ok := p.Stdin.(*os.File)
	if !ok || !isatty.IsTerminal(in.Fd()) {
		return fmt.Errorf("%s: %s, and there is no terminal to ask at: give --yes", what, because)
	}
	p.tell("%s. Go on? [y/N] ", what)
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && answer == "" {
		return errDeclined
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	default:
		return errDeclined
	}
}

// errDeclined is a question that was answered with no.
var errDeclined = errors.New("nothing was done")
