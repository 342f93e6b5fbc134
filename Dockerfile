# The program in an image with nothing else: no shell, no package manager, no root.
# There is no HEALTHCHECK, because there is nothing in it to ask with: the proxy
# asks /readyz, as an orchestrator would.

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# time/tzdata and all files are in the binary
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/uitvraag ./cmd/uitvraag

FROM scratch
# to speak TLS with a mail server
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/uitvraag /uitvraag
COPY LICENSE LICENCES /
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/uitvraag"]
CMD ["serve"]
