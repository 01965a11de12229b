using System.Runtime.InteropServices;

namespace Instrumentator;

/// <summary>What one thread adds to: whole numbers and fractions, alone on their cache lines, so that no other thread's writes take them away.</summary>
[StructLayout(LayoutKind.Explicit, Size = 144)]
internal struct PaddedTotals
{
    [FieldOffset(64)]
    public long Count;

    [FieldOffset(72)]
    public long Whole;

    [FieldOffset(80)]
    public double Fraction;
}
