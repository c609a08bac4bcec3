package fakeprovider_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

const pushURL = "http://shop.example/push?klarna_order_id={checkout.order.id}"

func withTransport(status func(*http.Request) int) (*transport, fakeprovider.Options) {
	f := &transport{now: time.Now, ask: status, sent: make(chan hit, 1000)}
	return f, fakeprovider.Options{Now: time.Now, Transport: f, PushURLs: []string{pushURL}, NotifyURLs: []string{"http://shop.example/notify"}}
}

// hits are the pushes so far, as times after began.
func (f *transport) hits(began time.Time) []string {
	var times []string
	for {
		select {
		case h := <-f.sent:
			times = append(times, h.At.Sub(began).String())
		default:
			return times
		}
	}
}

func TestPushesComeAsPublished(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, o := withTransport(nil)
		began := time.Now()
		p := play(t, o)
		p.add(firstID, fakeprovider.Completion{})
		time.Sleep(100 * time.Hour)
		synctest.Wait()
		want := []string{
			"2m0s", "5m0s", "15m0s", "30m0s", "1h0m0s", "5h0m0s", "9h0m0s", "13h0m0s", "17h0m0s", "21h0m0s", "25h0m0s", "29h0m0s", "33h0m0s",
			"37h0m0s", "41h0m0s", "45h0m0s",
		}
		if diff := cmp.Diff(want, f.hits(began)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if s, _ := p.Standing(firstID); s.Pushes != len(want) || !s.Next.IsZero() || s.Acknowledged {
			t.Errorf("at the end: %+v", s)
		}
	})
}

func TestTheClockRunsFast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, o := withTransport(nil)
		o.Speed = 60
		began := time.Now()
		p := play(t, o)
		p.add(firstID, fakeprovider.Completion{})
		time.Sleep(6 * time.Second) // 6 minutes
		synctest.Wait()
		if err := p.SetSpeed(600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second) // 30 more
		synctest.Wait()
		if diff := cmp.Diff([]string{"2s", "5s", "6.9s", "8.4s"}, f.hits(began)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got := p.Now().Sub(began); got != 36*time.Minute {
			t.Errorf("the provider's clock has gone %v, want 36 minutes", got)
		}
		if p.SetSpeed(0) == nil {
			t.Error("speed 0 was taken")
		}
	})
}

func TestWhatStopsPushes(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(p *player){
		"acknowledge": func(p *player) { p.om("POST", "/acknowledge", "") },
		"capture":     func(p *player) { p.om("POST", "/captures", `{"captured_amount":1}`) },
	} {
		synctest.Test(t, func(t *testing.T) {
			f, o := withTransport(nil)
			began := time.Now()
			p := play(t, o)
			p.add(firstID, fakeprovider.Completion{})
			time.Sleep(6 * time.Minute)
			stop(p)
			time.Sleep(100 * time.Hour)
			synctest.Wait()
			if diff := cmp.Diff([]string{"2m0s", "5m0s"}, f.hits(began)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func TestAnAcknowledgedOrderIsNeverPushed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, o := withTransport(nil)
		p := play(t, o)
		p.add(firstID, fakeprovider.Completion{})
		p.om("POST", "/acknowledge", "")
		p.add(secondID, fakeprovider.Completion{NoPush: true})
		time.Sleep(100 * time.Hour)
		synctest.Wait()
		if got := f.hits(time.Now()); len(got) != 0 {
			t.Errorf("pushed: %v", got)
		}
	})
}

func TestAPushIsAnEmptyPost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, o := withTransport(nil)
		p := play(t, o)
		p.add(firstID, fakeprovider.Completion{Age: 6 * time.Minute}) // two pushes are late already
		if _, err := p.AddOrder([]byte(`{"order_id":"`+secondID+`","order_amount":1,"merchant_urls":{"push":"http://other.example/{checkout.order.id}/p"}}`), fakeprovider.Completion{Age: 2 * time.Minute}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		urls := map[string]int{}
		for range 3 {
			h := <-f.sent
			urls[h.URL]++
			if h.Body != "" || h.Type != "" {
				t.Errorf("body %q of type %q", h.Body, h.Type)
			}
		}
		want := map[string]int{strings.Replace(pushURL, "{checkout.order.id}", firstID, 1): 2, "http://other.example/" + secondID + "/p": 1}
		if diff := cmp.Diff(want, urls); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestTheFirstPushComesInABurst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, o := withTransport(nil)
		o.Burst, o.PushURLs, o.Parallel = 3, []string{"http://a.example/", "http://b.example/"}, 2
		o.Schedule = fakeprovider.Schedule{First: []time.Duration{0}, Every: 2 * time.Second, Until: 3 * time.Second}
		began := time.Now()
		p := play(t, o)
		p.add(firstID, fakeprovider.Completion{})
		time.Sleep(time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]string{"0s", "0s", "0s", "2s"}, f.hits(began)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		urls := map[string]int{}
		for _, e := range p.History().Entries(fakeprovider.Filter{}) {
			urls[e.Target]++
		}
		if diff := cmp.Diff(map[string]int{"http://a.example/": 2, "http://b.example/": 2}, urls); diff != "" {
			t.Errorf("in turn (-want +got):\n%s", diff)
		}
	})
}

func TestFaultsOfPushes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, o := withTransport(func(*http.Request) int { return 500 })
		began := time.Now()
		p := play(t, o)
		set := func(faults ...fakeprovider.Fault) {
			t.Helper()
			if err := p.SetFault(fakeprovider.Push, faults...); err != nil {
				t.Fatal(err)
			}
		}
		set(fakeprovider.Fault{Mode: fakeprovider.Duplicated, Copies: 3, Times: 1}, fakeprovider.Fault{Mode: fakeprovider.Slow, DelayMS: 1000, Times: 1})
		p.add(firstID, fakeprovider.Completion{})
		time.Sleep(3 * time.Minute)
		set(fakeprovider.Fault{Mode: fakeprovider.Dropped, Times: 1})
		time.Sleep(13 * time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]string{"2m1s", "2m1s", "2m1s", "15m0s"}, f.hits(began)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		var outcome []string
		for _, e := range p.History().Entries(fakeprovider.Filter{Order: firstID, Kinds: []fakeprovider.Kind{fakeprovider.Push}}) {
			outcome = append(outcome, string(e.Fault)+" "+http.StatusText(e.Status))
		}
		slow := "duplicated Internal Server Error"
		if diff := cmp.Diff([]string{slow, slow, slow, "dropped ", " Internal Server Error"}, outcome); diff != "" {
			t.Errorf("history (-want +got):\n%s", diff)
		}
	})
}

func TestNotifications(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, o := withTransport(nil)
		p := play(t, o)
		p.add(firstID, fakeprovider.Completion{Fraud: "PENDING", NoPush: true})
		if err := p.Decide(firstID, "", "FRAUD_RISK_ACCEPTED"); err != nil { // forged
			t.Fatal(err)
		}
		h := <-f.sent
		m := members(t, h.Body)
		if m["order_id"] != firstID || m["event_type"] != "FRAUD_RISK_ACCEPTED" || h.Type != "application/json" || h.URL != "http://shop.example/notify" {
			t.Errorf("notification %+v", h)
		}
		if s, _ := p.Standing(firstID); s.FraudStatus != "PENDING" {
			t.Errorf("a forged notification changed the order: %+v", s)
		}
		if err := p.Decide(firstID, "REJECTED", ""); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if s, _ := p.Standing(firstID); s.FraudStatus != "REJECTED" || len(f.sent) != 0 {
			t.Errorf("a decision without notification: %+v, %d sent", s, len(f.sent))
		}
		if p.Decide(secondID, "REJECTED", "") == nil || p.PushNow(secondID) == nil {
			t.Error("an order that is not there was decided about or pushed")
		}
		if err := p.PushNow(firstID); err != nil {
			t.Fatal(err)
		}
		if h := <-f.sent; !strings.HasSuffix(h.URL, firstID) {
			t.Errorf("pushed to %s", h.URL)
		}
	})
}

func TestAPushThatIsNotAnsweredIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, o := withTransport(func(r *http.Request) int {
			<-r.Context().Done()
			return 0
		})
		p := play(t, o)
		p.add(firstID, fakeprovider.Completion{Age: 2 * time.Minute})
		began := time.Now()
		<-f.sent
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("given up after %v, want 5 s", took)
		}
	})
}

func TestOrdersThatCannotBeAdded(t *testing.T) {
	t.Parallel()
	p := play(t, fakeprovider.Options{})
	p.add(firstID, fakeprovider.Completion{})
	for body, want := range map[string]string{
		`[]`:                                "order:",
		`{"order_id":"x","order_amount":1}`: `"x" is no UUID`,
		`{"order_id":"` + firstID + `","order_amount":1}`:           "there is one",
		`{"order_id":"` + secondID + `"}`:                           "order_amount",
		`{"order_id":"` + secondID + `","order_amount":-1}`:         "order_amount",
		`{"order_id":"` + secondID + `","order_amount":3000000000}`: "order_amount",
	} {
		if _, err := p.AddOrder([]byte(body), fakeprovider.Completion{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
	}
	id, err := p.AddOrder([]byte(`{"order_amount":1}`), fakeprovider.Completion{})
	if body, ok := p.CheckoutJSON(id); err != nil || !ok || members(t, string(body))["order_id"] != id {
		t.Errorf("an order without an id: %q %v %s", id, err, body)
	}
	if len(p.Standings()) != 2 {
		t.Errorf("standings: %v", p.Standings())
	}
}
