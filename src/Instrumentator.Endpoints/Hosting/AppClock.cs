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
    public override long TimestampFrequency
    {
        get
        {
            try
            {
                return _clock.TimestampFrequency is > 0 and var frequency ? frequency : _frequency;
            }
#pragma warning disable CA1031 // The clock is the app's, and may throw anything.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Report(e);
                return _frequency;
            }
        }
    }

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
        try
        {
            var now = _clock.GetTimestamp();
            Volatile.Write(ref _last, now);
            return now;
        }
#pragma warning disable CA1031 // The clock is the app's, and may throw anything.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(e);
            return Volatile.Read(ref _last);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        try
        {
            return _clock.GetUtcNow();
        }
#pragma warning disable CA1031 // The clock is the app's, and may throw anything.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(e);
            return System.GetUtcNow();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        try
        {
            return _clock.CreateTimer(callback, state, dueTime, period);
        }
#pragma warning disable CA1031 // The clock is the app's, and may throw anything.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(e);
            return System.CreateTimer(callback, state, dueTime, period);
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
