using Instrumentator.Tests;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>Runs the adapter contract over a prometheus-net registry: the scrape is the same, byte for byte.</summary>
public sealed class AdapterContractTests() : AdapterContract(() => Registry.Over(new CollectorRegistry()));
