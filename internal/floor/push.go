package floor

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/redis/go-redis/v9"
)

// PushHandler is the least that deduplicates a push: gin, SET NX, and one acknowledgement at the provider by whoever was
// first. It reads no order, hands none over, and loses what it dies with.
func PushHandler(client *redis.Client, provider, user, password string) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	calls := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	e.POST("/v1/:merchant/:token/push", func(c *gin.Context) {
		id := c.Query("klarna_order_id")
		first, err := client.SetNX(c.Request.Context(), "push:"+id, 1, 48*time.Hour).Result()
		if err != nil {
			c.Status(http.StatusServiceUnavailable)
			return
		}
		if first {
			go acknowledge(calls, provider+"/ordermanagement/v1/orders/"+id+"/acknowledge", user, password)
		}
		c.Status(http.StatusAccepted)
	})
	return e
}

// acknowledge tells nobody when it fails, which is what makes this a floor and no service.
func acknowledge(calls *http.Client, url, user, password string) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, nil)
	if err != nil {
		return
	}
	req.SetBasicAuth(user, password)
	if res, err := calls.Do(req); err == nil {
		_ = res.Body.Close()
	}
}
