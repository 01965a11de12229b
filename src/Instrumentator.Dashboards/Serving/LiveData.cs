using System.Text.Json;

namespace Instrumentator;

/// <summary>What a viewer has already, from the query of its request.</summary>
/// <param name="Run">The run of the process that it knows.</param>
/// <param name="Names">The number of names that it has.</param>
/// <param name="Slots">Returns the number of the last slot that it has of a window, -1 for none; null if it does not
/// want the window.</param>
internal sealed record Known(string? Run, int Names, Func<Window, long?> Slots)
{
    /// <summary>Returns what is true in this run: what a viewer has of another one is worth nothing.</summary>
    public Known In(string run) => Run == run ? this : new(run, 0, window => Slots(window) is null ? null : -1);
}

/// <summary>Writes the response to a viewer: facts, and what is new since its last request.</summary>
/// <remarks>docs/live-page.md describes the format.</remarks>
internal sealed class LiveData(Utf8JsonWriter json, AppFacts app, string run, TimeProvider clock)
{
    /// <summary>Writes that metrics are switched off.</summary>
    public void WriteOff()
    {
        Begin(isEnabled: false);
        json.WriteEndObject();
    }

    public void Write(LiveHistory history, PageOptions options, Known known)
    {
        Begin(isEnabled: true);
        WriteMetrics(history);
        WriteLimits(history, options);

        // The slots come first: their names are then known, too.
        var slots = history.Windows.Select(window => (window, known.Slots(window))).ToArray();
        WriteWindows(history, slots);
        json.WriteRaw("names", history.Catalog.After(known.Names));
        json.WriteEndObject();
    }

    private void Begin(bool isEnabled)
    {
        json.WriteStartObject();
        json.WriteString("run", run);
        json.WriteNumber("now", clock.UnixSeconds());
        if (app.Started is { } started)
            json.WriteNumber("started", started);
        json.WriteString("title", app.Title);
        json.WriteString("version", app.Version);
        json.WriteString("environment", app.Environment);
        json.WriteNumber("processors", System.Environment.ProcessorCount);
        json.WriteBoolean("enabled", isEnabled);
    }

    private void WriteMetrics(LiveHistory history)
    {
        var (requests, families) = (history.Requests, history.Requests.Families);
        json.WriteStartObject("metrics");
        json.WriteString("requests", families.Requests?.Name);
        json.WriteString("latency", families.Latency?.Name);
        json.WriteBoolean("latencyOnlySuccess", families.Latency is { OnlySuccess: true });
        json.WriteString("handlerLatency", families.HandlerLatency?.Name);
        json.WriteString("requestSize", families.RequestSize?.Name);
        json.WriteString("responseSize", families.ResponseSize?.Name);
        json.WriteString("inProgress", families.InProgress?.Name);
        json.WriteBoolean(
            "inProgressByHandler", families.InProgress is { } inProgress && families.HasRowsIn(inProgress));
        json.WriteString("longLived", families.LongLived?.Name);
        json.WriteBoolean("process", history.MeasuresProcess);
        json.WriteBoolean("handlers", families.HaveHandlers);
        json.WriteBoolean("methods", families.HaveMethods);
        json.WriteBoolean("statuses", families.HaveStatuses);
        json.WriteEndObject();
        json.WriteNumbers("bounds", requests.Bounds.Upper);
        json.WriteNumbers("handlerBounds", requests.HandlerBounds.Upper);
        json.WriteBoolean("native", requests.Bounds.IsNative);
    }

    private void WriteLimits(LiveHistory history, PageOptions options)
    {
        json.WriteStartObject("limits");
        json.WriteNumber("handlers", options.MaxHandlers);
        json.WriteNumber("own", options.MaxOwnSeries);
        json.WriteEndObject();
        json.WriteStartObject("missing");
        json.WriteNumber("own", history.Missing);
        json.WriteEndObject();
    }

    private void WriteWindows(LiveHistory history, (Window Window, long? Known)[] windows)
    {
        json.WriteStartObject("windows");
        foreach (var (window, known) in windows)
        {
            if (known is not { } last)
                continue;
            json.WriteStartObject(window.Name);
            json.WriteNumber("step", window.Step);
            json.WriteNumber("length", Window.Length);
            json.WriteRaw("slots", history.SlotsAfter(window, last));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
