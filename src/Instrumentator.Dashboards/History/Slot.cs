using System.Runtime.InteropServices;
using System.Text.Json;

namespace Instrumentator;

/// <summary>Where a slot is in time.</summary>
/// <param name="Number">From 0, without gaps.</param>
/// <param name="End">When it ended, in Unix seconds.</param>
/// <param name="Seconds">How long it was.</param>
/// <param name="CpuSeconds">The processor time that the process took in it; null if unknown.</param>
/// <param name="MemoryBytes">The memory of the process at its end; null if unknown.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SlotTime(
    long Number, double End, double Seconds, double? CpuSeconds, double? MemoryBytes);

/// <summary>Writes what happened in a slot as JSON. Only what is not 0 is written, so a slot is as long as there was
/// traffic.</summary>
/// <remarks>docs/live-page.md describes the format.</remarks>
internal sealed class SlotWriter(
    Utf8JsonWriter json, RequestHistory requests, Baseline requestsBefore, OwnHistory own, Baseline ownBefore)
{
    public void Write(SlotTime time)
    {
        json.WriteStartObject();
        json.WriteNumber("n", time.Number);
        json.WriteNumber("t", time.End);
        json.WriteNumber("s", time.Seconds);
        WriteTotal(requests.Total);
        if (time.CpuSeconds is { } cpu)
            json.WriteNumber("cpu", Rounding.Round(cpu / time.Seconds, 4));
        if (time.MemoryBytes is { } memory)
            json.WriteNumber("memory", memory);
        WriteRows();
        WriteSizes();
        WriteOpen();
        WriteOwn();
        json.WriteEndObject();
    }

    private void WriteTotal(RowNumbers total)
    {
        json.WriteNumber("requests", Increase(total.Requests));
        json.WriteNumber("clientErrors", Increase(total.ClientErrors));
        json.WriteNumber("serverErrors", Increase(total.ServerErrors));
        json.WriteNumber("seconds", Microseconds(Increase(total.Seconds)));
        json.WritePropertyName("latency");
        WriteBuckets(requests.Numbers, requestsBefore, total.Buckets);
        if (requests.Families.InProgress is not null)
            json.WriteNumber("inProgress", requests.Numbers.All[total.InProgress]);
        if (requests.Families.LongLived is not null)
            json.WriteNumber("longLived", requests.Handlers.Sum(handler => requests.Numbers.All[handler.Open]));
    }

    private void WriteRows()
    {
        json.WriteStartArray("rows");
        for (var i = 0; i < requests.Rows.Count; i++)
        {
            var row = requests.Rows[i];
            if (HasIncrease(requests.Numbers, requestsBefore, row.Range) || requests.Numbers.All[row.InProgress] != 0)
                WriteRow(i, row);
        }
        json.WriteEndArray();
    }

    private void WriteRow(int index, RowNumbers row)
    {
        json.WriteStartArray();
        json.WriteNumberValue(index);
        json.WriteNumberValue(Increase(row.Requests));
        json.WriteNumberValue(Increase(row.ClientErrors));
        json.WriteNumberValue(Increase(row.ServerErrors));
        json.WriteNumberValue(Microseconds(Increase(row.Seconds)));
        json.WriteNumberValue(requests.Numbers.All[row.InProgress]);
        WriteBuckets(requests.Numbers, requestsBefore, row.Buckets);
        json.WriteEndArray();
    }

    private void WriteSizes()
    {
        json.WriteStartArray("sizes");
        for (var i = 0; i < requests.Handlers.Count; i++)
        {
            var handler = requests.Handlers[i];
            var (received, sent) = (Increase(handler.RequestCount), Increase(handler.ResponseCount));
            if (received != 0 || sent != 0)
                WriteNumbers(i, received, Increase(handler.RequestBytes), sent, Increase(handler.ResponseBytes));
        }
        json.WriteEndArray();
    }

    private void WriteOpen()
    {
        json.WriteStartArray("open");
        for (var i = 0; i < requests.Handlers.Count; i++)
        {
            if (requests.Numbers.All[requests.Handlers[i].Open] is var open and not 0)
                WriteNumbers(i, open);
        }
        json.WriteEndArray();
    }

    private void WriteOwn()
    {
        json.WriteStartArray("own");
        for (var i = 0; i < own.All.Count; i++)
        {
            if (HasNews(own.All[i]))
                WriteSeries(i, own.All[i]);
        }
        json.WriteEndArray();
    }

    private bool HasNews(OwnSeries series) => series.IsThere
        && (series.Kind == MetricKind.Gauge || HasIncrease(own.Numbers, ownBefore, series.Range));

    private void WriteSeries(int index, OwnSeries series)
    {
        json.WriteStartArray();
        json.WriteNumberValue(index);
        if (series.Kind == MetricKind.Gauge)
            json.WriteAnyNumber(own.Numbers.All[series.Value]);
        else
            json.WriteAnyNumber(ownBefore.Increase(own.Numbers, series.Count));
        if (series.Kind is MetricKind.Histogram or MetricKind.Summary)
            json.WriteAnyNumber(ownBefore.Increase(own.Numbers, series.Sum));
        if (series.Kind == MetricKind.Histogram)
            WriteBuckets(own.Numbers, ownBefore, series.Buckets);
        json.WriteEndArray();
    }

    // Index, count, index, count and so on, of the buckets that are not empty.
    private void WriteBuckets(NumberTable numbers, Baseline before, Range buckets)
    {
        json.WriteStartArray();
        for (var i = buckets.Start.Value; i < buckets.End.Value; i++)
        {
            if (before.Increase(numbers, i) is var count and not 0)
            {
                json.WriteNumberValue(i - buckets.Start.Value);
                json.WriteNumberValue(count);
            }
        }
        json.WriteEndArray();
    }

    private void WriteNumbers(int index, params ReadOnlySpan<double> values)
    {
        json.WriteStartArray();
        json.WriteNumberValue(index);
        foreach (var value in values)
            json.WriteAnyNumber(value);
        json.WriteEndArray();
    }

    // The difference of two sums has digits that mean nothing.
    private static double Microseconds(double seconds) => Rounding.Round(seconds, 6);

    private double Increase(int index) => requestsBefore.Increase(requests.Numbers, index);

    private static bool HasIncrease(NumberTable numbers, Baseline before, Range range)
    {
        for (var i = range.Start.Value; i < range.End.Value; i++)
        {
            if (before.Increase(numbers, i) != 0)
                return true;
        }
        return false;
    }
}
