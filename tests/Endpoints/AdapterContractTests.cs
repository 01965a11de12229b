namespace Instrumentator.Tests;

/// <summary>The adapter contract with the library's own storage.</summary>
public sealed class AdapterContractTests() : AdapterContract(() => new Registry());
