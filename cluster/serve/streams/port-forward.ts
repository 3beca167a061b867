/** Connections to a pod's ports: over SPDY streams, plain or in a WebSocket, and over the older WebSocket channels. */
import type { Pod } from '../../api/types.ts';
import type { Cluster } from '../../cluster.ts';
import { idOf } from '../../kubelet/images/lookup.ts';
import type { TcpPeer } from '../../kubelet/shell/box.ts';
import { SpdySession, type SpdyStream, type SpdyWire } from './spdy.ts';

export interface PortContext {
  cluster(): Cluster;
  catchUp(): void;
  react(): void;
}

/** What the container runtime says when nothing listens. */
export function refusedPort(pod: Pod, port: number): string {
  const sandbox = idOf(pod.metadata.uid ?? '', 'sandbox');
  const hex = idOf(pod.metadata.uid ?? '', 'netns');
  const netns = `/var/run/netns/cni-${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  return `error forwarding port ${port} to pod ${sandbox}, uid : failed to execute portforward in network namespace "${netns}": failed to connect to localhost:${port} inside namespace "${sandbox}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found `;
}

export function dialPod({ cluster, catchUp }: PortContext, pod: Pod, port: number): TcpPeer | undefined {
  catchUp();
  return cluster().runtime.dial(pod.metadata.uid ?? '', port, '127.0.0.1');
}

/** Whether the kubelet knows the pod; its words if not. */
export function refusedByKubelet(pod: Pod): { code: number; text: string } | undefined {
  const over = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return over ? { code: 500, text: `pod not found ("${pod.metadata.name}_${pod.metadata.namespace}")` } : undefined;
}

/** A session of port-forward: streams come in pairs, for errors and for data, with the same request id. */
export function portForwardSession(wire: SpdyWire, pod: Pod, context: PortContext): SpdySession {
  const errors = new Map<string, SpdyStream>();
  return new SpdySession(wire, (stream) => {
    const id = stream.headers.get('requestid') ?? String(stream.id & ~2);
    if (stream.headers.get('streamtype') === 'error') {
      errors.set(id, stream);
      return;
    }
    const port = Number(stream.headers.get('port') ?? 0);
    const error = errors.get(id);
    errors.delete(id);
    const peer = dialPod(context, pod, port);
    const finish = () => {
      error?.end();
      stream.end();
    };
    if (peer === undefined) {
      error?.write(refusedPort(pod, port));
      finish();
      return;
    }
    stream.onData = (bytes) => {
      context.catchUp();
      stream.write(peer.say(bytes.toString('latin1')));
      context.react();
      if (peer.closed) finish();
    };
    stream.onEnd = finish;
  });
}
