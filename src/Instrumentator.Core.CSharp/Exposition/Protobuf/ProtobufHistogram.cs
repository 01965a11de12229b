namespace Instrumentator;

/// <summary>The writer of a histogram: its classic buckets, its native buckets, or both.</summary>
internal static class ProtobufHistogram
{
    // Expected bytes: a count of one or two bytes and a double, with their tags. A bucket adds its tag and length. The
    // start time takes 14 bytes.
    private const int FieldsLength = 26;
    private const int BucketLength = 14;

    public static void Write(ProtobufMessage message, in HistogramReading reading, ValueList<double> bounds)
    {
        message.Integer(HistogramField.SampleCount, CountOf(reading.Counts));
        message.Double(HistogramField.SampleSum, reading.Sum);

        // A histogram with native buckets only has no classic buckets, not even the +Inf bucket.
        if (!reading.Native.Exists || bounds.Count > 0)
            WriteClassic(message, reading, bounds);
        if (reading.Native.Exists)
            WriteNative(message, reading);
        ProtobufTimestamp.Write(message, HistogramField.CreatedTimestamp, reading.Created);
    }

    /// <summary>Returns the approximate length of a histogram with classic buckets.</summary>
    public static int ExpectedLength(in HistogramReading reading) =>
        FieldsLength + (BucketLength * reading.Counts.Length);

    private static long CountOf(ReadOnlySpan<long> counts)
    {
        var count = 0L;
        foreach (var one in counts)
            count += one;
        return count;
    }

    private static void WriteClassic(ProtobufMessage message, in HistogramReading reading, ValueList<double> bounds)
    {
        var cumulative = 0L;
        for (var i = 0; i < reading.Counts.Length; i++)
        {
            cumulative += reading.Counts[i];
            var bound = i < bounds.Count ? bounds[i] : double.PositiveInfinity;
            if (i < reading.Exemplars.Length && reading.Exemplars[i] is { } exemplar)
            {
                WriteBucket(message, cumulative, bound, exemplar);
            }
            else
            {
                message.Pair(
                    HistogramField.Bucket, (BucketField.CumulativeCount, cumulative), (BucketField.UpperBound, bound));
            }
        }
    }

    private static void WriteBucket(ProtobufMessage message, long cumulative, double bound, Exemplar exemplar)
    {
        var bucket = message.Begin(HistogramField.Bucket);
        message.Integer(BucketField.CumulativeCount, cumulative);
        message.Double(BucketField.UpperBound, bound);
        ProtobufExemplar.Write(message, BucketField.Exemplar, exemplar);
        message.End(bucket);
    }

    private static void WriteNative(ProtobufMessage message, in HistogramReading reading)
    {
        var native = reading.Native;
        message.Signed(HistogramField.Schema, native.Schema);
        message.Double(HistogramField.ZeroThreshold, native.ZeroThreshold);
        message.Integer(HistogramField.ZeroCount, native.ZeroCount);
        WriteSpans(message, HistogramField.NegativeSpan, native.Negative);
        WriteDeltas(message, HistogramField.NegativeDelta, native.Negative);
        WriteSpans(message, HistogramField.PositiveSpan, native.Positive);
        if (IsTakenForClassic(native))
            WriteSpan(message, HistogramField.PositiveSpan, 0, 0);
        WriteDeltas(message, HistogramField.PositiveDelta, native.Positive);
        foreach (var exemplar in reading.Exemplars)
        {
            if (exemplar is not null && ProtobufExemplar.HasTime(exemplar))
                ProtobufExemplar.Write(message, HistogramField.Exemplars, exemplar);
        }
    }

    // An empty span marks the histogram as native when nothing else does.
    private static bool IsTakenForClassic(in NativeReading native) =>
        native.ZeroThreshold == 0 && native.ZeroCount == 0 && native.Positive.IsEmpty && native.Negative.IsEmpty;

    // Adjacent buckets form a span. The offset of the first span is an index, that of each later span is a gap.
    private static void WriteSpans(ProtobufMessage message, int field, ReadOnlySpan<NativeBucket> buckets)
    {
        var end = 0;
        for (var first = 0; first < buckets.Length;)
        {
            var next = first + 1;
            while (next < buckets.Length && buckets[next].Index == buckets[next - 1].Index + 1)
                next++;
            WriteSpan(message, field, buckets[first].Index - end, next - first);
            end = buckets[next - 1].Index + 1;
            first = next;
        }
    }

    private static void WriteSpan(ProtobufMessage message, int field, int offset, int length)
    {
        var span = message.Begin(field);
        message.Signed(BucketSpanField.Offset, offset);
        message.Integer(BucketSpanField.Length, length);
        message.End(span);
    }

    private static void WriteDeltas(ProtobufMessage message, int field, ReadOnlySpan<NativeBucket> buckets)
    {
        var last = 0L;
        foreach (var bucket in buckets)
        {
            message.Signed(field, bucket.Count - last);
            last = bucket.Count;
        }
    }
}
