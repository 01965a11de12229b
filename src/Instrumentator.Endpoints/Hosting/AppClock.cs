using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Instrumentator;

/// <summary>The clock of an app's services, which never throws.</summary>
/// <remarks>A reading that throws repeats the last one, so durations become shorter and never absurd. Safe for use by
/// many threads.</remarks>
internal sealed class AppClock : TimeProvider
{
    private static readonly ConditionalWeakTable<TimeProvider, AppClock> _all = [];

    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly long _frequency;
    private long _last;
    private bool _hasFailed;

    private AppClock(TimeProvider clock, ILogger logger)
    {
        (_clock, _logger) = (clock, logger);
        _frequency = TimestampFrequency;
        if (_frequency <= 0)
            Report(new InvalidOperationException(NoFrequency(clock)));
    }

    /// <summary>Gets the ticks per second; those of the beginning if the clock has none any more.</summary>
    public override long TimestampFrequency =>
        TryRead(static clock => clock.TimestampFrequency, out var frequency) && frequency > 0 ? frequency : _frequency;

    /// <summary>Returns the clock of an app: the system's, unless its services contain another one that has a
    /// frequency.</summary>
    /// <param name="services">The services, whose log tells the first failure of the clock; null for none.</param>
    public static TimeProvider Of(IServiceProvider? services)
    {
        if (services?.GetService<TimeProvider>() is not { } clock || clock == System)
            return System;
        if (!_all.TryGetValue(clock, out var known))
            known = _all.GetValue(clock, one => new AppClock(one, AppLogger.Of(services)));
        return known._frequency > 0 ? known : System;
    }

    public override long GetTimestamp()
    {
        if (!TryRead(static clock => clock.GetTimestamp(), out var now))
            return Volatile.Read(ref _last);
        Volatile.Write(ref _last, now);
        return now;
    }

    public override DateTimeOffset GetUtcNow() =>
        TryRead(static clock => clock.GetUtcNow(), out var now) ? now : System.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        TryRead(clock => clock.CreateTimer(callback, state, dueTime, period), out var timer)
            ? timer
            : System.CreateTimer(callback, state, dueTime, period);

    private bool TryRead<T>(Func<TimeProvider, T> read, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = read(_clock);
            return true;
        }
#pragma warning disable CA1031 // The clock is the app's, and may throw anything.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(e);
            value = default;
            return false;
        }
    }

    private static string NoFrequency(TimeProvider clock) =>
        $"{clock.GetType()}.TimestampFrequency is not above 0, so its timestamps measure nothing.";

    // Once: a clock fails at every request.
    private void Report(Exception exception)
    {
        if (!Interlocked.Exchange(ref _hasFailed, true))
            Log.ClockFailed(_logger, exception);
    }
}
