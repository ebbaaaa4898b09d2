#!/bin/sh
# The first process of the node's container. Package kube fills in the addresses, and mounts the directory /node, with
# the configuration, and the programs of Kubernetes in /kubernetes. Everything ends when standard input does: with the
# test, however it ends.
set -eu
cd /node

mount -o remount,bind,rw /sys
for group in $(cut -d ' ' -f 2 /proc/self/mounts | grep ^/sys/fs/cgroup); do
	mount -o remount,bind,rw "$group"
done
# In version 2 only a group without processes passes controllers on to the groups of pods.
if [ -e /sys/fs/cgroup/cgroup.subtree_control ]; then
	mkdir /sys/fs/cgroup/node
	echo $$ >/sys/fs/cgroup/node/cgroup.procs
	for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
		echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
	done
fi

# The machine finds pods by asking the network for them. There is no kube-proxy: pods call no service but the API
# server's, whose address the node has itself, and the API server calls webhooks at their pods' addresses.
echo 1 >/proc/sys/net/ipv4/conf/eth0/proxy_arp
echo 0 >/proc/sys/net/ipv4/neigh/eth0/proxy_delay
ip address add "${API}/32" dev lo

# Servers and clients share one certificate, which trusts itself. Its key also signs the tokens of pods.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /O=system:masters/CN=tandem \
	-addext "subjectAltName=IP:${NODE},IP:${API},IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc,DNS:node" \
	-keyout key -out cert 2>log/openssl

start() {
	"$@" >"log/$(basename "$1")" 2>&1 &
}

until_works() {
	until "$@" >/dev/null 2>&1; do
		sleep 0.2
	done
}

kubernetes() {
	start etcd --data-dir=/var/lib/etcd --unsafe-no-fsync
	start containerd --config=containerd.toml
	start /kubernetes/kube-apiserver --etcd-servers=http://127.0.0.1:2379 \
		--secure-port=443 --advertise-address="${NODE}" \
		--tls-cert-file=cert --tls-private-key-file=key --client-ca-file=cert --service-cluster-ip-range="${SERVICES}" \
		--kubelet-client-certificate=cert --kubelet-client-key=key --kubelet-certificate-authority=cert \
		--kubelet-preferred-address-types=InternalIP --authorization-mode=RBAC --allow-privileged=true \
		--enable-aggregator-routing=true --service-account-issuer=https://kubernetes.default.svc \
		--service-account-key-file=cert --service-account-signing-key-file=key
	until_works /kubernetes/kubectl --kubeconfig=kubeconfig.yaml get --raw /readyz
	start /kubernetes/kube-controller-manager --kubeconfig=kubeconfig.yaml --leader-elect=false \
		--service-account-private-key-file=key --root-ca-file=cert
	start /kubernetes/kube-scheduler --kubeconfig=kubeconfig.yaml --leader-elect=false
	until_works ctr version # a kubelet that finds no containerd ends
	start /kubernetes/kubelet --config=kubelet.yaml --kubeconfig=kubeconfig.yaml \
		--hostname-override=node --node-ip="${NODE}"
}

kubernetes &
cat >/dev/null
