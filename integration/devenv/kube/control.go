//go:build linux

package kube

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// kubernetes starts etcd, the API server, the controllers, the scheduler, containerd and the kubelet, and waits for the node.
// There is no kube-proxy: pods call no service but the API server's, which has the address itself, and the API server calls
// webhooks at their pods' addresses.
func (c *Cluster) kubernetes(ctx context.Context) error {
	if err := c.configureAll(); err != nil {
		return err
	}
	if err := c.control(ctx); err != nil {
		return err
	}
	return c.node(ctx)
}

func (c *Cluster) configureAll() error {
	err := errors.Join(c.certify(), os.WriteFile(filepath.Join(c.dir, "resolv.conf"), nil, 0o644))
	for name, target := range map[string]string{
		"containerd.toml": "containerd.toml", "kubelet.yaml": "kubelet.yaml", "kubeconfig.yaml": "kubeconfig.yaml",
		"cni.json": "cni/pods.conflist", "storage.yaml": "storage.yaml",
	} {
		err = errors.Join(err, c.configure(name, target))
	}
	for _, registry := range []string{Registry, Private} {
		path := filepath.Join(c.dir, "registries", registry, "hosts.toml")
		err = errors.Join(err, os.WriteFile(path, fmt.Appendf(nil, "[host.\"http://%s\"]\ncapabilities = [\"pull\", \"resolve\"]\n", registry), 0o644))
	}
	return err
}

func (c *Cluster) control(ctx context.Context) error {
	const etcd = "http://127.0.0.1:2379"
	cert, key := filepath.Join(c.dir, "pem/cert"), filepath.Join(c.dir, "pem/key")
	err := c.serve("/usr/bin/etcd", "--data-dir", filepath.Join(c.dir, "etcd"), "--unsafe-no-fsync", "--listen-client-urls", etcd, "--advertise-client-urls", etcd)
	if err != nil {
		return err
	}
	err = c.serve(filepath.Join(c.bin, "kube-apiserver"), "--etcd-servers="+etcd, "--bind-address=0.0.0.0", "--secure-port=443", "--advertise-address="+node,
		"--tls-cert-file="+cert, "--tls-private-key-file="+key, "--client-ca-file="+cert, "--service-cluster-ip-range="+services,
		"--kubelet-client-certificate="+cert, "--kubelet-client-key="+key, "--kubelet-certificate-authority="+cert,
		"--kubelet-preferred-address-types=InternalIP", "--authorization-mode=RBAC", "--allow-privileged=true", "--enable-aggregator-routing=true",
		"--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file="+key, "--service-account-signing-key-file="+key)
	if err != nil {
		return err
	}
	if err := wait(ctx, func() error { _, err := c.Kubectl(ctx, "get", "--raw", "/readyz"); return err }); err != nil {
		return fmt.Errorf("%w\n%s\n%s", err, c.logTail("etcd"), c.logTail("kube-apiserver"))
	}
	config := "--kubeconfig=" + filepath.Join(c.dir, "kubeconfig.yaml")
	return errors.Join(
		c.serve(filepath.Join(c.bin, "kube-controller-manager"), config, "--service-account-private-key-file="+key, "--root-ca-file="+cert, "--leader-elect=false"),
		c.serve(filepath.Join(c.bin, "kube-scheduler"), config, "--leader-elect=false"))
}

func (c *Cluster) node(ctx context.Context) error {
	if err := c.serve("/usr/bin/containerd", "--config", filepath.Join(c.dir, "containerd.toml")); err != nil {
		return err
	}
	// A kubelet that finds no containerd ends.
	err := wait(ctx, func() error {
		_, err := c.output(ctx, c.in("ctr", "--address", "/run/containerd.sock", "version")...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%w\n%s", err, c.logTail("containerd"))
	}
	err = c.serve(filepath.Join(c.bin, "kubelet"), "--config="+filepath.Join(c.dir, "kubelet.yaml"), "--kubeconfig="+filepath.Join(c.dir, "kubeconfig.yaml"),
		"--hostname-override=node", "--node-ip="+node)
	if err != nil {
		return err
	}
	err = wait(ctx, func() error {
		ready, err := c.Kubectl(ctx, "get", "node", "node", "--output", `jsonpath={.status.conditions[?(@.type=="Ready")].status}`)
		if err == nil && strings.TrimSpace(ready) != "True" {
			err = errors.New("the node is not ready")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("%w\n%s\n%s", err, c.logTail("containerd"), c.logTail("kubelet"))
	}
	_, err = c.Kubectl(ctx, "apply", "--filename", filepath.Join(c.dir, "storage.yaml"))
	return err
}

// certify makes the one certificate that all have, servers and clients: it trusts itself. Its key also signs the pods' tokens.
func (c *Cluster) certify() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	certificate := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "tandem", Organization: []string{"system:masters"}},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IPAddresses: []net.IP{net.ParseIP(node), net.ParseIP(api), net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost", "kubernetes.default.svc", "node"},
	}
	signed, err := x509.CreateCertificate(rand.Reader, certificate, certificate, &key.PublicKey, key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	write := func(name, kind string, content []byte) error {
		return os.WriteFile(filepath.Join(c.dir, "pem", name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600)
	}
	return errors.Join(write("cert", "CERTIFICATE", signed), write("key", "EC PRIVATE KEY", private))
}
