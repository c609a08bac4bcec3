package junit_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/junit"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	err := junit.Write(&b, []junit.Suite{
		{Name: "a.test.yaml", Cases: []junit.Case{
			{Name: "one & two", Class: "a", File: "a.test.yaml", Line: 3},
			{Name: "three", Class: "a", File: "a.test.yaml", Line: 9, Failure: &junit.Failure{Message: `wanted "1" < 2`, Type: "price", Text: "a\n<b>\n"}},
		}},
		{Name: "b.test.yaml"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1">
  <testsuite name="a.test.yaml" tests="2" failures="1">
    <testcase name="one &amp; two" classname="a" file="a.test.yaml" line="3"></testcase>
    <testcase name="three" classname="a" file="a.test.yaml" line="9">
      <failure message="wanted &#34;1&#34; &lt; 2" type="price">a&#xA;&lt;b&gt;&#xA;</failure>
    </testcase>
  </testsuite>
  <testsuite name="b.test.yaml" tests="0" failures="0"></testsuite>
</testsuites>
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if err := xml.Unmarshal(b.Bytes(), new(struct {
		XMLName xml.Name `xml:"testsuites"`
	})); err != nil {
		t.Error(err)
	}
}

// full is a disk without room.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

var errFull = errors.New("no room")

func TestWriteTellsWhatTheDiskSays(t *testing.T) {
	t.Parallel()
	for _, room := range []int{0, 60, 125} {
		if err := junit.Write(&full{room}, []junit.Suite{{Name: "a"}}); !errors.Is(err, errFull) {
			t.Errorf("with room for %d bytes: %v", room, err)
		}
	}
}
