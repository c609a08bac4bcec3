package rest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order/rest"
)

func TestCredentialsHide(t *testing.T) {
	t.Parallel()
	c, err := rest.UserPassword("M123_abc", "s3cr3t-word")
	if err != nil {
		t.Fatal(err)
	}
	holder := struct{ C *rest.Credentials }{&c}
	var shown []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		shown = append(shown, fmt.Sprintf(verb, c), fmt.Sprintf(verb, &c), fmt.Sprintf(verb, holder), fmt.Sprintf(verb, []rest.Credentials{c}))
	}
	raw, err := json.Marshal(map[string]any{"c": c})
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	shown = append(shown, string(raw), string(text), c.String(), c.GoString())
	for _, s := range shown {
		if strings.Contains(s, "s3cr3t") || strings.Contains(s, "M123") || strings.Contains(s, "TTEy") || strings.Contains(s, "733363723374") {
			t.Errorf("it shows %s", s)
		}
	}
	if string(raw) != `{"c":"***"}` || c.String() != "***" {
		t.Errorf("got %s, %s", raw, c)
	}
}

// TestCredentialForms: the three of contract 4.1.
func TestCredentialForms(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		make func() (rest.Credentials, error)
		want string // "": refused
	}{
		{"user and password", func() (rest.Credentials, error) { return rest.UserPassword("user", "pass:word") }, "Basic dXNlcjpwYXNzOndvcmQ="},
		{"both parts", func() (rest.Credentials, error) { return rest.UserPassword("M1-abc", "kco_test_api_x") }, "Basic TTEtYWJjOmtjb190ZXN0X2FwaV94"},
		{"raw", func() (rest.Credentials, error) { return rest.RawValue("kco_live_api_x") }, "Basic kco_live_api_x"},
		{"no user", func() (rest.Credentials, error) { return rest.UserPassword("", "x") }, ""},
		{"no password", func() (rest.Credentials, error) { return rest.UserPassword("x", "") }, ""},
		{"a colon in the user", func() (rest.Credentials, error) { return rest.UserPassword("a:b", "x") }, ""},
		{"a line break", func() (rest.Credentials, error) { return rest.UserPassword("a", "x\n") }, ""},
		{"no raw value", func() (rest.Credentials, error) { return rest.RawValue("") }, ""},
		{"Basic twice", func() (rest.Credentials, error) { return rest.RawValue("Basic x") }, ""},
		{"a header in the raw value", func() (rest.Credentials, error) { return rest.RawValue("x\r\nX: y") }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := tt.make()
			if (err == nil) != (tt.want != "") {
				t.Fatalf("got %v", err)
			}
			if err != nil {
				return
			}
			got := ""
			o := options(t, "https://api.example")
			o.Credentials = c
			o.Transport = way(func(r *http.Request) (*http.Response, error) {
				got = r.Header.Get("Authorization")
				return response(204, ""), nil
			})
			if err := do(t.Context(), client(t, o), post()); err != nil || got != tt.want {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

// TestKey: a key is the same for ever, and another one for every other merchant, order and action.
func TestKey(t *testing.T) {
	t.Parallel()
	if got, want := rest.Key("demo", "e967c32c-6ac9-44a7-86a5-710723aee2cc", "acknowledge"), "7a4a3a99-6f50-5292-82b5-4b8f50864d26"; got != want {
		t.Errorf("got %s, want %s: a change repeats what is under way", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringMatching(`[a-c:,0-9]{0,4}`)
		a := [3]string{part.Draw(t, "merchant"), part.Draw(t, "order"), part.Draw(t, "action")}
		b := [3]string{part.Draw(t, "merchant"), part.Draw(t, "order"), part.Draw(t, "action")}
		ka, kb := rest.Key(a[0], a[1], a[2]), rest.Key(b[0], b[1], b[2])
		if (ka == kb) != (a == b) {
			t.Fatalf("%q and %q: %s and %s", a, b, ka, kb)
		}
		if u, err := uuid.Parse(ka); err != nil || u.Version() != 5 {
			t.Fatalf("%s: %v", ka, err)
		}
	})
}

func TestIDs(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,63}$`)
	good := []string{"e967c32c-6ac9-44a7-86a5-710723aee2cc", "A", "0", strings.Repeat("a", 64)}
	bad := []string{"", "-", "-a", strings.Repeat("a", 65), "..", "../../../v1/x", "a#f", "a?x=1", "a%2fb", "//evil.example/", "@evil.example",
		"a\r\nb", "a\x00b", "a b", "a\tb", `a"b`, "{checkout.order.id}", "*", "a_b", "a.b", "a\n", "٣", "é", "a\u200bb", "a\u202eb", "\xff"}
	for _, id := range append(good, bad...) {
		err := rest.CheckID("order id", id)
		if (err == nil) != form.MatchString(id) || err != nil && (!errors.Is(err, rest.ErrID) || len(err.Error()) > 400) {
			t.Errorf("%q: got %v", id, err)
		}
		if rest.SameID(id, strings.ToUpper(id)) != (err == nil) {
			t.Errorf("%q is not the same in capitals", id)
		}
	}
	for _, tt := range [][2]string{{"s", "ſ"}, {"k", "\u212a"}, {"a", "b"}, {"", ""}} {
		if rest.SameID(tt[0], tt[1]) {
			t.Errorf("%q is %q", tt[0], tt[1])
		}
	}
}
