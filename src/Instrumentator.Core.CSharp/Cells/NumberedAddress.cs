namespace Instrumentator;

/// <summary>An address and a number in one word: what is smaller needs fewer of the lines that a processor brings from memory, and to take the two apart costs less than one more of them.</summary>
/// <param name="address">Where something is.</param>
/// <param name="number">The number: 0 or more, and below <see cref="Limit"/>.</param>
internal readonly struct NumberedAddress(nint address, int number)
{
    // What processes have of an address.
    private const int AddressBits = 48;
    private const ulong AddressMask = (1UL << AddressBits) - 1;

    private readonly ulong _word = ((ulong)address & AddressMask) | ((ulong)number << AddressBits);

    /// <summary>What numbers are below.</summary>
    public const int Limit = 1 << (64 - AddressBits);

    public nint Address => (nint)(_word & AddressMask);

    public int Number => (int)(_word >> AddressBits);
}
