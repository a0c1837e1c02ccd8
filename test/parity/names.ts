/** Every public name of moonpool 0.5.0, by kind: what docs/parity.md has to answer for. */
export const moonpoolNames: Readonly<Record<string, readonly string[]>> = {
  module: words(`
    actors chaos error flags network peer providers rpc runner sim simulations storage wire
  `),
  macro: words(`
    assert_always assert_always_greater_than assert_always_greater_than_or_equal_to assert_always_less_than
    assert_always_less_than_or_equal_to assert_always_or_unreachable assert_reachable assert_sometimes
    assert_sometimes_all assert_sometimes_each assert_sometimes_greater_than
    assert_sometimes_greater_than_or_equal_to assert_sometimes_less_than assert_sometimes_less_than_or_equal_to
    assert_unreachable buggify buggify_with_prob
  `),
  struct: words(`
    AdaptiveConfig AssertionStats Attrition BugRecipe ChaosConfiguration Endpoint EndpointMap EventQueue
    ExplorationConfig ExplorationReport FailureMonitor FaultContext InMemoryStorage JsonCodec MonitorConfig
    NetNotifiedQueue NetTransport NetTransportBuilder NetworkAddress NetworkConfiguration NodeAddress
    OpenOptions PacketHeader Peer PeerConfig PeerMetrics PhaseConfig ProcessTags ReplyFuture ReplyPromise
    RequestEnvelope RequestStream ScheduledEvent SectorBitSet ServerHandle SimContext SimNetworkProvider
    SimProviders SimRandomProvider SimStorageProvider SimTimeProvider SimWorld SimulationBuilder
    SimulationMetrics SimulationReport SleepFuture StateHandle StorageConfiguration TagRegistry
    TokioNetworkProvider TokioProviders TokioRandomProvider TokioReport TokioRunner TokioStorageFile
    TokioStorageProvider TokioTaskProvider TokioTcpListener TokioTimeProvider UID WeakSimWorld WorkloadTopology
  `),
  enum: words(`
    AssertCmp AssertKind ClientId CodecError ConnectFailureMode ConnectionStateChange Event FailedReason
    FailureStatus IterationControl MessagingError NetworkAddressParseError NetworkOperation Parallelism
    PeerError RebootKind ReplyError RpcError SimulationError StorageOperation TimeError WellKnownToken
    WireError WorkloadCount
  `),
  constant: words(`
    HEADER_SIZE MAX_PAYLOAD_SIZE SECTOR_SIZE WELL_KNOWN_RESERVED_COUNT
  `),
  trait: words(`
    FaultInjector Invariant MessageCodec MessageReceiver NetworkProvider Process Providers RandomProvider
    StorageFile StorageProvider TaskProvider TcpListenerTrait TimeProvider Workload
  `),
  function: words(`
    buggify_init buggify_reset clear_rng_breakpoints deserialize_packet format_timeline get_assertion_results
    get_current_sim_seed get_reply get_reply_unless_failed_for get_rng_call_count has_always_violations
    invariant_fn method_endpoint method_uid panic_on_assertion_violations parse_timeline
    reset_always_violations reset_assertion_results reset_rng_call_count reset_sim_rng sample_duration send
    send_request serialize_packet set_rng_breakpoints set_sim_seed sim_random sim_random_range
    sim_random_range_or_default try_deserialize_packet try_get_reply validate_assertion_contracts
  `),
  "type alias": words(`
    PeerReceiver SimulationResult
  `),
  "attribute macro": words(`
    actor_impl service
  `),
};

/** How many that are. */
export const moonpoolNameCount = 170;

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
