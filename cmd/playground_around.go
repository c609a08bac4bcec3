package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/fakesink"
	"github.com/kvitto/kvitto/internal/simulator/scenario"
)

// around is what of the merchant is played beside the provider: where orders are handed to, and the server of shop_check.
type around struct {
	sink    *fakesink.Sink // nil: orders go to a folder
	sinkAt  net.Addr
	shopAt  net.Addr // nil: shop_check is asked where the configuration says
	answer  atomic.Pointer[scenario.ShopAnswer]
	servers []*http.Server
}

// openAround starts what a file says that it needs.
func (x *playground) openAround(ctx context.Context, plays scenario.Plays) error {
	a := &x.around
	if plays.Shop {
		l, err := listen(ctx, "shop", anywhere)
		if err != nil {
			return err
		}
		a.shopAt, a.servers = l.Addr(), append(a.servers, serveProvider(l, http.HandlerFunc(a.check)))
	}
	if !plays.Sink {
		return nil
	}
	sink, err := fakesink.New(fakesink.Options{Now: x.p.Now})
	if err != nil {
		return err
	}
	l, err := listen(ctx, "sink", anywhere)
	if err != nil {
		return err
	}
	a.sink, a.sinkAt, a.servers = sink, l.Addr(), append(a.servers, serveProvider(l, sink.Handler()))
	return nil
}

// stand puts what is played in the place of what a merchant has.
func (a *around) stand(m *configs.Merchant, secret string) {
	if a.sink != nil {
		m.Sink = configs.Sink{Webhook: &configs.Webhook{URL: "http://" + a.sinkAt.String() + "/", Secrets: []configs.Secret{configs.NewSecret(secret)}}}
	}
	if a.shopAt != nil && m.ShopCheck != nil {
		m.ShopCheck.Pages = append(m.ShopCheck.Pages, m.ShopCheck.URL)
		m.ShopCheck.URL = "http://" + a.shopAt.String() + "/check"
	}
}

// check is the server of shop_check.
func (a *around) check(w http.ResponseWriter, r *http.Request) {
	said := a.answer.Load()
	if said == nil {
		said = &scenario.ShopAnswer{}
	}
	_, _ = io.Copy(io.Discard, r.Body) // so that it is seen when the other side goes
	if said.Delay > 0 {
		wait := time.NewTimer(said.Delay)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-r.Context().Done():
			return
		}
	}
	body, err := json.Marshal(map[string]string{"error_type": said.Error, "error_text": said.Text})
	if err != nil || said.Status == 0 || said.Status == http.StatusOK {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if said.Location != "" {
		w.Header().Set("Location", said.Location)
	}
	w.WriteHeader(said.Status)
	if said.Error != "" {
		_, _ = w.Write(body) // where that fails nobody is there any more
	}
}

// events counts what the sink has of an order.
func (a *around) events(order string) int {
	n := 0
	for _, e := range a.sink.Events() {
		if e.Order == order {
			n++
		}
	}
	return n
}

func (a *around) close() error {
	var errs []error
	for _, s := range a.servers {
		errs = append(errs, s.Close())
	}
	if a.sink != nil {
		a.sink.Close()
	}
	return errors.Join(errs...)
}
