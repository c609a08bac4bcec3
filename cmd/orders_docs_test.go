package cmd_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// lookAfterOrders has the commands of a document look at a running shop that has taken one order over, and parked another
// because the provider refused to have it acknowledged. Its clock stands still.
func (s *shell) lookAfterOrders(t *testing.T) {
	t.Helper()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.addMany(t, 2)
	if err := shop.provider.SetFault(fakeprovider.Acknowledge, fakeprovider.Fault{Mode: fakeprovider.Forbidden, Order: manyID(1)}); err != nil {
		t.Fatal(err)
	}
	r := startProgram(t, &cmd.Program{Now: soldAt, Plugins: cmd.Included()}, "--config", shop.config)
	r.push("klarna_order_id=" + manyID(0))
	r.await(`"step":"acked"`)
	r.push("klarna_order_id=" + manyID(1))
	r.await(`"step":"parked"`)
	s.dir = shop.dir
	s.env = append(s.env, "KVITTO_SHOP_TOKEN="+shopToken, "KVITTO_ADMIN="+r.admin)
}

// TestAlertsNameWhatThereIs: every metric of the alarms is one that a service has, with the labels that are asked for.
func TestAlertsNameWhatThereIs(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("..", "docs", "kvitto-alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr         string
				For                 string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.Load(raw, &file, yaml.WithKnownFields()); err != nil {
		t.Fatal(err)
	}
	shop, _ := redisShop(t)
	shop.add(t, fakeprovider.Completion{NoPush: true})
	r := start(t, "--config", shop.config)
	r.push("klarna_order_id=" + confirmedID)
	r.await(`"step":"acked"`)
	_, metrics := r.get("/metrics")
	name := regexp.MustCompile(`kvitto_[a-z_]+`)
	seen := map[string]bool{}
	for _, g := range file.Groups {
		for _, rule := range g.Rules {
			if rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" || seen[rule.Alert] {
				t.Errorf("%s: without severity or summary, or twice", rule.Alert)
			}
			seen[rule.Alert] = true
			if rule.For != "" {
				if _, err := time.ParseDuration(rule.For); err != nil {
					t.Errorf("%s: %v", rule.Alert, err)
				}
			}
			found := name.FindAllString(rule.Expr, -1)
			if len(found) == 0 {
				t.Errorf("%s: no metric in %q", rule.Alert, rule.Expr)
			}
			for _, m := range found {
				only := m == "kvitto_orders_paused" || m == "kvitto_orders_stream_lost" // there only in trouble, and with a stream
				if !only && !strings.Contains(metrics, "# TYPE "+m+" ") {
					t.Errorf("%s: there is no metric %s", rule.Alert, m)
				}
			}
		}
	}
	if len(seen) < 8 {
		t.Errorf("%d alarms", len(seen))
	}
}
