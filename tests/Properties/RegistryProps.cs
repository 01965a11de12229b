namespace Instrumentator.Properties;

/// <summary>The registry with memory of its own keeps the contract, without a difference.</summary>
public sealed class RegistryProps() : RegistryContract(limit => new Registry(limit));
