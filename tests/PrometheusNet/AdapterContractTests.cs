using Instrumentator.Tests;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>The contract with numbers in prometheus-net: the same scrape, to the byte.</summary>
public sealed class AdapterContractTests() : AdapterContract(() => Registry.Over(new CollectorRegistry()));
