using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>What single threads wrote of one cell. Each writes to its own stripe without a lock prefix, since nobody else does; a reader adds them up.</summary>
/// <remarks>
/// A stripe only grows, and stays when its thread ends: the next thread of that number goes on with it. So a sum over them never loses anything, and never falls from one scrape
/// to the next.
/// </remarks>
/// <typeparam name="TStripe">What a thread writes to.</typeparam>
internal sealed class Stripes<TStripe>(Func<int, TStripe> create)
    where TStripe : class
{
    private TStripe?[] _byWriter = [];

    /// <summary>Held while a stripe is made.</summary>
    public Lock Lock { get; } = new();

    /// <summary>All there are, at the numbers of their writers.</summary>
    public ReadOnlySpan<TStripe?> All => Volatile.Read(ref _byWriter);

    /// <summary>That of this thread; null for a thread that has none.</summary>
    public TStripe? Mine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var (stripes, writer) = (_byWriter, Writer.Number);
            return (uint)writer < (uint)stripes.Length && stripes[writer] is { } mine ? mine : Of(writer);
        }
    }

    /// <summary>That of a writer, which must be this thread; null for a thread that has none.</summary>
    public TStripe? Of(int writer)
    {
        if (writer == Writer.WithoutStripes)
            return null;
        lock (Lock)
        {
            if (writer >= _byWriter.Length)
            {
                var more = new TStripe?[Math.Max(writer + 1, _byWriter.Length * 2)];
                _byWriter.CopyTo(more, 0);
                Volatile.Write(ref _byWriter, more);
            }
            return _byWriter[writer] ??= create(writer);
        }
    }
}

/// <summary>Makes stripes when a cell needs them.</summary>
internal static class Stripes
{
    /// <summary>The stripes of a cell; made now if there are none.</summary>
    public static Stripes<TStripe> Make<TStripe>(ref Stripes<TStripe>? stripes, Func<int, TStripe> create)
        where TStripe : class =>
        Volatile.Read(ref stripes) ?? Interlocked.CompareExchange(ref stripes, new Stripes<TStripe>(create), null) ?? stripes;

    /// <summary>All there are.</summary>
    public static ReadOnlySpan<TStripe?> All<TStripe>(Stripes<TStripe>? stripes)
        where TStripe : class => stripes is null ? [] : stripes.All;
}
