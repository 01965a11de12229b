using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Instrumentator.Benchmarks;

/// <summary>The five default metrics, one series each, as plain fields.</summary>
/// <typeparam name="TAdd">How they are added to; a struct, so that the JIT inlines it.</typeparam>
internal sealed class LeastCells<TAdd>
    where TAdd : struct, IAdd
{
    private static readonly double _secondsPerTick = 1.0 / Stopwatch.Frequency;
    private static readonly double[] _highResolution = [.. Buckets.HighResolution];
    private static readonly double[] _lowResolution = [.. Buckets.LowResolution];

    // Fields instead of constants, so that the JIT does not know the values.
    private readonly long _requestSize = Environment.ProcessId % 512;
    private readonly long _responseSize = Environment.ProcessId % 2048;
    private Memory _memory;

    public void Record(long started, long ended) => Record(started, ended, _requestSize, _responseSize);

    public void Record(long started, long ended, long requestSize, long responseSize)
    {
        ref var memory = ref _memory;
        TAdd.Add(ref memory.Requests, 1);
        TAdd.Add(ref memory.RequestSizeCount, 1);
        TAdd.Add(ref memory.RequestSizeSum, requestSize);
        TAdd.Add(ref memory.ResponseSizeCount, 1);
        TAdd.Add(ref memory.ResponseSizeSum, responseSize);
        var seconds = (ended - started) * _secondsPerTick;
        TAdd.Add(ref memory.HighResolutionCounts[BucketOf(seconds, _highResolution)], 1);
        TAdd.Add(ref memory.HighResolutionSum, seconds);
        TAdd.Add(ref memory.LowResolutionCounts[BucketOf(seconds, _lowResolution)], 1);
        TAdd.Add(ref memory.LowResolutionSum, seconds);
    }

    private static int BucketOf(double seconds, double[] bounds)
    {
        var bucket = 0;
        while (bucket < bounds.Length && seconds > bounds[bucket])
            bucket++;
        return bucket;
    }

    // Two cache lines on either side keep the fields away from what other threads write, prefetching included.
    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public Padding Before;
        public long Requests;
        public long RequestSizeCount;
        public long RequestSizeSum;
        public long ResponseSizeCount;
        public long ResponseSizeSum;
        public Counts22 HighResolutionCounts;
        public double HighResolutionSum;
        public Counts4 LowResolutionCounts;
        public double LowResolutionSum;
        public Padding After;
    }

    [InlineArray(16)]
    private struct Padding
    {
        private long _first;
    }

    [InlineArray(22)]
    private struct Counts22
    {
        private long _first;
    }

    [InlineArray(4)]
    private struct Counts4
    {
        private long _first;
    }
}
