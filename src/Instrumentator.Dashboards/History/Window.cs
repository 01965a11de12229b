using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Instrumentator;

/// <summary>The last minutes in slots of equal length. A slot is rendered once, when it ends; the window keeps the last
/// ones as they are sent.</summary>
/// <param name="name">The name of the window in a request, for example <c>5m</c>.</param>
/// <param name="step">The length of a slot, in readings.</param>
/// <param name="length">The number of slots that it keeps.</param>
/// <param name="requests">The numbers of requests.</param>
/// <param name="own">The numbers of all other series.</param>
internal sealed class Window(string name, int step, int length, RequestHistory requests, OwnHistory own)
{
    private readonly Queue<byte[]> _slots = new(length);
    private readonly Baseline _requestsBefore = new();
    private readonly Baseline _ownBefore = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private Reading? _start;
    private long _next;

    public string Name => name;

    public int Step => step;

    public int Length => length;

    /// <summary>Leaves what a series counted before out of the present slot.</summary>
    public void BeginAt(OwnSeries series) => _ownBefore.Set(own.Numbers, series.Range);

    /// <summary>Ends the present slot, if it is long enough, and begins the next one. The first reading begins the
    /// first slot.</summary>
    public void Add(Reading reading)
    {
        if (reading.Number - _start?.Number < step)
            return;
        if (_start is { } start)
            Keep(Render(reading.Since(start, _next++)));
        _start = reading;
        _requestsBefore.Set(requests.Numbers);
        _ownBefore.Set(own.Numbers);
    }

    /// <summary>Returns the slots after a number that a viewer has; all for -1.</summary>
    public byte[][] After(long known)
    {
        var first = _next - _slots.Count;
        return [.. _slots.Skip((int)(Math.Clamp(known, first - 1, _next) - first + 1))];
    }

    private void Keep(byte[] slot)
    {
        if (_slots.Count == length)
            _slots.Dequeue();
        _slots.Enqueue(slot);
    }

    private byte[] Render(SlotTime time)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer))
            new SlotWriter(json, requests, _requestsBefore, own, _ownBefore).Write(time);
        return _buffer.WrittenSpan.ToArray();
    }
}

/// <summary>When a reading was made, and what the process took until then.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Time">When, in Unix seconds.</param>
/// <param name="Elapsed">The time since the first reading, by a clock that never jumps.</param>
/// <param name="CpuSeconds">The processor time of the process; null if unknown.</param>
/// <param name="MemoryBytes">Its memory; null if unknown.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Reading(
    long Number, double Time, TimeSpan Elapsed, double? CpuSeconds, double? MemoryBytes)
{
    /// <summary>Returns the slot between an earlier reading and this one.</summary>
    public SlotTime Since(Reading start, long number) => new(
        number,
        Time,
        Math.Max((Elapsed - start.Elapsed).TotalSeconds, 0.001),
        CpuSeconds - start.CpuSeconds,
        MemoryBytes);
}
