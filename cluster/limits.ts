/** Every limit of a cluster, with its unit and reason. A client that meets one gets the error that the real server gives. */
export const LIMITS = {
  /** Bytes of a request's body. The real API server's default for resource requests (3 MiB), which etcd's 1.5 MiB request size undercuts. */
  bodyBytes: 3 * 1024 * 1024,
  /** Bytes of a request's line and headers: Go's default. */
  headerBytes: 1024 * 1024,
  /** Bytes of one stored object as JSON: etcd's default --max-request-bytes. */
  objectBytes: 1.5 * 1024 * 1024,
  /** Objects in one cluster: a learner's mistake (a loop creating ConfigMaps) must not fill the host's memory. */
  objects: 20_000,
  /** Bytes of all objects of one cluster, counted as JSON. */
  totalBytes: 64 * 1024 * 1024,
  /** Store events kept for watches that resume; older resource versions are answered as expired. Real etcd compacts after 5 minutes. */
  history: 5_000,
  /** Steps of all loops in one settle(): reached only by controllers that undo each other's work. */
  settleSteps: 200_000,
  /** Objects in one list answer, whatever the client's limit says. */
  listItems: 20_000,
  /** Milliseconds a client may take to send its request's body. */
  bodyMs: 30_000,
  /** Characters of JSON kept for objects that are read again, over all clusters of a process: some hundred lists of 100 pods. */
  jsonCache: 32 * 1024 * 1024,
  /** Events that may wait for a watcher that does not read, beyond what it started with. */
  watchBacklog: 1_000,
  /** Open logs, commands and forwarded ports of one cluster. */
  streams: 100,
  /** Requests in flight: the real server's defaults, 400 that read and 200 that write. */
  inFlight: 600,
  /** Requests at a time on one HTTP/2 connection: the real API server's default. */
  streamsOfConnection: 250,
  /** Open watches of one cluster. */
  watches: 200,
} as const;
