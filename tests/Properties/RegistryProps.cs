namespace Instrumentator.Properties;

/// <summary>The registry with the built-in backend keeps the contract, without differences.</summary>
public sealed class RegistryProps() : RegistryContract(limit => new Registry(limit));
