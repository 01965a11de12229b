using System.Text.RegularExpressions;

namespace Instrumentator;

/// <summary>A regular expression that clients cannot make slow, whatever text they send.</summary>
/// <remarks>
/// <para>It runs without backtracking, in time linear in the text. But it builds its automaton while it runs, which
/// some patterns make large: time and memory of a single character may then be thousands of times the usual.</para>
/// <para>So a search has a timeout. After that, the pattern matches nothing for a minute, and then starts again with a
/// new automaton: clients can make it take 0.2 s a minute, and what it has built is released. The runtime checks the
/// time between two characters, so <see cref="PatternSize"/> bounds the time of a single one.</para>
/// </remarks>
/// <param name="text">The regular expression, which must be valid.</param>
/// <param name="clock">Measures the minute; the system clock by default.</param>
internal sealed class Pattern(string text, TimeProvider? clock = null)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    // Null after a timeout. Benign race: threads that start again at once use automata of their own.
    private Regex? _regex = Compile(text);
    private long _timedOutAt;

    /// <summary>Compiles a regular expression.</summary>
    /// <exception cref="ArgumentException">It is invalid.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking.</exception>
    public static Regex Compile(string text) =>
        new(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, _timeout);

    /// <summary>Returns whether the pattern matches anywhere in a text; false if it takes too long.</summary>
    public bool IsMatch(ReadOnlySpan<char> searched, Action<string>? timedOut)
    {
        if ((_regex ?? StartAgain()) is not { } regex)
            return false;
        if (TryMatch(regex, searched) is { } isMatch)
            return isMatch;
        Volatile.Write(ref _timedOutAt, _clock.GetTimestamp());
        _regex = null;
        timedOut?.Invoke(text);
        return false;
    }

    // Null after a timeout. Tried twice, since a thread that waited for a processor has not used its time.
    private static bool? TryMatch(Regex regex, ReadOnlySpan<char> searched)
    {
        for (var tries = 0; tries < 2; tries++)
        {
            try
            {
                return regex.IsMatch(searched);
            }
            catch (RegexMatchTimeoutException)
            {
                continue;
            }
        }
        return null;
    }

    private Regex? StartAgain() =>
        _clock.GetElapsedTime(Volatile.Read(ref _timedOutAt)) < _pause ? null : _regex = Compile(text);
}
