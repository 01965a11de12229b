namespace Instrumentator.Tests;

/// <summary>The contract with numbers in memory of our own.</summary>
public sealed class AdapterContractTests() : AdapterContract(() => new Registry());
