using System.Runtime.CompilerServices;

namespace Instrumentator.Properties;

/// <summary>Access to the private fields of a cell: its striped numbers and their stripes.</summary>
internal static class Insides
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_numbers")]
    public static extern ref StripedNumbers NumbersOf(CounterCell cell);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_numbers")]
    public static extern ref StripedNumbers NumbersOf(SummaryCell cell);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_numbers")]
    public static extern ref StripedNumbers NumbersOf(HistogramCell cell);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_sum")]
    public static extern ref StripedNumbers NumbersOf(NativeHistogramCell cell);

    /// <summary>Returns the striped numbers of any cell but a gauge, which has none.</summary>
    public static ref StripedNumbers NumbersOf(Cell cell)
    {
        switch (cell)
        {
            case CounterCell counter:
                return ref NumbersOf(counter);
            case SummaryCell summary:
                return ref NumbersOf(summary);
            case HistogramCell histogram:
                return ref NumbersOf(histogram);
            default:
                return ref NumbersOf((NativeHistogramCell)cell);
        }
    }

    /// <summary>Returns the number of threads that have a stripe of these numbers.</summary>
    public static int Stripes(ref StripedNumbers numbers) => ByThread(ref numbers).Count(stripe => stripe is not null);

    /// <summary>Returns whether any thread has a stripe of a cell.</summary>
    public static bool IsStriped(Cell cell) => Stripes(ref NumbersOf(cell)) > 0;

    /// <summary>Returns the stripe of the current thread, including its padding.</summary>
    public static long[] StripeOf(Cell cell) => ByThread(ref NumbersOf(cell))[ThreadSlot.Current]!;

    /// <summary>Ages striped numbers, as if the first addition had happened that much earlier.</summary>
    public static void Age(ref StripedNumbers numbers, int milliseconds) => WindowStart(ref numbers) -= milliseconds;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_stripes")]
    private static extern ref long[]?[] ByThread(ref StripedNumbers numbers);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_windowStart")]
    private static extern ref int WindowStart(ref StripedNumbers numbers);
}
