# Static binary, no shell, not root, demo shop inside. Build: docker build -t kvitto .
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /kvitto ./cmd/kvitto \
 && mkdir -p /empty/var

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /kvitto /kvitto
COPY --from=build --chown=65532:65532 /empty/var /var/lib/kvitto
COPY LICENSE NOTICE /
USER 65532:65532
WORKDIR /var/lib/kvitto
EXPOSE 8080
# The admin listener stays on the container's own loopback, where the health check finds it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/kvitto", "health"]
ENTRYPOINT ["/kvitto"]
CMD ["serve", "--demo"]
