using System.Runtime.CompilerServices;

namespace Instrumentator.Properties;

/// <summary>What is inside of a cell: its striped numbers, and the stripes of these.</summary>
internal static class Insides
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_numbers")]
    public static extern ref StripedNumbers NumbersOf(CounterCell cell);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_numbers")]
    public static extern ref StripedNumbers NumbersOf(SummaryCell cell);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_numbers")]
    public static extern ref StripedNumbers NumbersOf(HistogramCell cell);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_ones")]
    public static extern ref StripedNumbers NumbersOf(GaugeCell cell);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_sum")]
    public static extern ref StripedNumbers NumbersOf(NativeHistogramCell cell);

    /// <summary>Those of any cell.</summary>
    public static ref StripedNumbers NumbersOf(Cell cell)
    {
        switch (cell)
        {
            case CounterCell counter:
                return ref NumbersOf(counter);
            case GaugeCell gauge:
                return ref NumbersOf(gauge);
            case SummaryCell summary:
                return ref NumbersOf(summary);
            case HistogramCell histogram:
                return ref NumbersOf(histogram);
            default:
                return ref NumbersOf((NativeHistogramCell)cell);
        }
    }

    /// <summary>How many threads have a stripe of these numbers.</summary>
    public static int Stripes(ref StripedNumbers numbers) => ByThread(ref numbers).Count(stripe => stripe is not null);

    /// <summary>Whether any thread has a stripe of a cell.</summary>
    public static bool IsStriped(Cell cell) => Stripes(ref NumbersOf(cell)) > 0;

    /// <summary>The stripe of this thread, with what keeps it away from other memory.</summary>
    public static long[] StripeOf(Cell cell) => ByThread(ref NumbersOf(cell))[ThreadSlot.Current]!;

    /// <summary>Lets time pass for them: as if they had been added to for the first time so much earlier.</summary>
    public static void Age(ref StripedNumbers numbers, int milliseconds) => WindowStart(ref numbers) -= milliseconds;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_stripes")]
    private static extern ref long[]?[] ByThread(ref StripedNumbers numbers);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_windowStart")]
    private static extern ref int WindowStart(ref StripedNumbers numbers);
}
