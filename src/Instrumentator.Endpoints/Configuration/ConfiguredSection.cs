using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>A section of the configuration that a running app follows: its rules at once, and what changes metrics or
/// their endpoint only after a restart.</summary>
/// <remarks>Safe for use by many threads.</remarks>
internal sealed class ConfiguredSection(IConfigurationSection section)
{
    private readonly Lock _lock = new();
    private ConfiguredApp? _first;
    private string _reported = "";

    /// <summary>Returns an instrumentation as the section changes it. What needs a restart is that of the first
    /// call.</summary>
    /// <param name="start">The instrumentation without the section.</param>
    /// <param name="logger">Logs the keys that need a restart.</param>
    /// <exception cref="InvalidConfigException">Keys are unknown, or values are invalid; the exception lists all
    /// errors.</exception>
    public Instrumentation Apply(Instrumentation start, ILogger logger)
    {
        var next = ConfigurationReader.ReadValid(section, new(start, new()));
        lock (_lock)
        {
            if (_first is null)
            {
                _first = next;
                return next.Instrumentation;
            }
            List<string> kept = [];
            var used = InstrumentatorKeys.All.Keep(_first, next, section.Path, needsRestart: false, kept);
            Report(string.Join(", ", kept), logger);
            return used.Instrumentation;
        }
    }

    /// <summary>Returns options as the section changes them.</summary>
    /// <param name="start">The options without the section.</param>
    /// <param name="instrumentation">The instrumentation, whose registry decides which names are valid.</param>
    /// <exception cref="InvalidConfigException">Keys are unknown, or values are invalid; the exception lists all
    /// errors.</exception>
    public ScrapeOptions Apply(ScrapeOptions start, Instrumentation instrumentation) =>
        ConfigurationReader.ReadValid(section, new(instrumentation, start)).Scrape;

    /// <summary>Calls an action after each change of the configuration.</summary>
    public IDisposable OnChange(Action changed) => ChangeToken.OnChange(section.GetReloadToken, changed);

    // One write to a file may raise two notifications, and other keys may change while a restart is due.
    private void Report(string keys, ILogger logger)
    {
        if (keys.Length > 0 && keys != _reported)
            Log.ConfigurationNeedsRestart(logger, keys);
        _reported = keys;
    }
}
