namespace Instrumentator.Parity;

/// <summary>Sets environment variables until it is disposed. They belong to the process, so runs must not overlap and
/// are one test class.</summary>
internal sealed class ScriptedEnvironment : IDisposable
{
    private readonly Dictionary<string, string?> _before = [];

    public ScriptedEnvironment(IReadOnlyDictionary<string, string> variables)
    {
        foreach (var (name, value) in variables)
        {
            _before[name] = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
    }
}
