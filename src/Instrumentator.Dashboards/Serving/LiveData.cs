using System.IO.Pipelines;
using System.Text.Json;

namespace Instrumentator;

/// <summary>What a viewer has already, from the query of its request.</summary>
/// <param name="Run">The run of the process that it knows.</param>
/// <param name="Names">The number of names that it has.</param>
/// <param name="Slots">Returns the number of the last slot that it has of a window, -1 for none; null if it does not
/// want the window.</param>
internal sealed record Known(string? Run, int Names, Func<Window, long?> Slots)
{
    /// <summary>Returns this if the viewer's data are of the given run; otherwise, the same windows without any
    /// data.</summary>
    public Known In(string run) => Run == run ? this : new(run, 0, window => Slots(window) is null ? null : -1);
}

/// <summary>Writes the response to a viewer: facts, and what is new since its last request.</summary>
/// <remarks>docs/live-page.md describes the format.</remarks>
internal sealed class LiveData(
    PipeWriter body, AppFacts app, string run, TimeProvider clock, CancellationToken cancellationToken)
    : IDisposable
{
    // A viewer that reads slowly holds no more than this.
    private const int MaxUnsent = 64 * 1024;

    private readonly Utf8JsonWriter _json = new(body);
    private long _sent;

    public void Dispose() => _json.Dispose();

    /// <summary>Writes that metrics are switched off.</summary>
    public Task WriteOffAsync()
    {
        Begin(isEnabled: false);
        return EndAsync();
    }

    public async Task WriteAsync(LiveHistory history, PageOptions options, Known known)
    {
        Begin(isEnabled: true);
        WriteMetrics(history);
        WriteLimits(history, options);

        // The slots come first: their names are then known, too.
        _json.WriteStartObject("windows");
        foreach (var window in history.Windows)
        {
            if (known.Slots(window) is { } last)
                await WriteAsync(window, history, last).ConfigureAwait(false);
        }
        _json.WriteEndObject();
        await WriteAsync("names", history.Catalog.After(known.Names)).ConfigureAwait(false);
        await EndAsync().ConfigureAwait(false);
    }

    private void Begin(bool isEnabled)
    {
        _json.WriteStartObject();
        _json.WriteString("run", run);
        _json.WriteNumber("now", clock.UnixSeconds());
        if (app.Started is { } started)
            _json.WriteNumber("started", started);
        _json.WriteString("title", app.Title);
        _json.WriteString("version", app.Version);
        _json.WriteString("environment", app.Environment);
        _json.WriteNumber("processors", System.Environment.ProcessorCount);
        _json.WriteBoolean("enabled", isEnabled);
    }

    private void WriteMetrics(LiveHistory history)
    {
        var (requests, families) = (history.Requests, history.Requests.Families);
        _json.WriteStartObject("metrics");
        _json.WriteString("requests", families.Requests?.Name);
        _json.WriteString("latency", families.Latency?.Name);
        _json.WriteBoolean("latencyOnlySuccess", families.Latency is { OnlySuccess: true });
        _json.WriteString("handlerLatency", families.HandlerLatency?.Name);
        _json.WriteString("requestSize", families.RequestSize?.Name);
        _json.WriteString("responseSize", families.ResponseSize?.Name);
        _json.WriteString("inProgress", families.InProgress?.Name);
        _json.WriteBoolean(
            "inProgressByHandler", families.InProgress is { } inProgress && families.HasRowsIn(inProgress));
        _json.WriteString("longLived", families.LongLived?.Name);
        _json.WriteBoolean("process", history.MeasuresProcess);
        _json.WriteBoolean("handlers", families.HaveHandlers);
        _json.WriteBoolean("methods", families.HaveMethods);
        _json.WriteBoolean("statuses", families.HaveStatuses);
        _json.WriteEndObject();
        _json.WriteNumbers("bounds", requests.Bounds.Upper);
        _json.WriteNumbers("handlerBounds", requests.HandlerBounds.Upper);
        _json.WriteBoolean("native", requests.Bounds.IsNative);
    }

    private void WriteLimits(LiveHistory history, PageOptions options)
    {
        _json.WriteStartObject("limits");
        _json.WriteNumber("handlers", options.MaxHandlers);
        _json.WriteNumber("own", options.MaxOwnSeries);
        _json.WriteEndObject();
        _json.WriteStartObject("missing");
        _json.WriteNumber("own", history.Missing);
        _json.WriteEndObject();
    }

    private async Task WriteAsync(Window window, LiveHistory history, long known)
    {
        _json.WriteStartObject(window.Name);
        _json.WriteNumber("step", window.Step * history.Period);
        _json.WriteNumber("length", window.Length);
        await WriteAsync("slots", history.SlotsAfter(window, known)).ConfigureAwait(false);
        _json.WriteEndObject();
    }

    // The values are JSON already.
    private async Task WriteAsync(string name, byte[][] values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
        {
            _json.WriteRawValue(value, skipInputValidation: true);
            if (_json.BytesCommitted + _json.BytesPending - _sent > MaxUnsent)
                await SendAsync().ConfigureAwait(false);
        }
        _json.WriteEndArray();
    }

    private async Task SendAsync()
    {
        await _json.FlushAsync(cancellationToken).ConfigureAwait(false);
        _sent = _json.BytesCommitted;
        await body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task EndAsync()
    {
        _json.WriteEndObject();
        return SendAsync();
    }
}
