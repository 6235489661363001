using Weft.Flow;

namespace Weft.Proxy.Listening;

/// <summary>
/// Whether a proxy opens the listeners that take requests of peers. An application that holds its own proxy opens it
/// once it can answer, and closes it before it ends.
/// </summary>
internal sealed class InboundDoor(bool isOpen)
{
    private readonly TaskCompletionSource<Task> _shut = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the data plane's loop follows.</summary>
    public Latest<State> Wish { get; } = new(isOpen ? State.Open : State.NotYet);

    public void Open() => Wish.Update(w => w == State.NotYet ? State.Open : w);

    /// <summary>Closes for good; ends when the last request that came through has ended, or its time has.</summary>
    public async Task CloseAsync()
    {
        Wish.Set(State.Closed);
        await await _shut.Task;
    }

    /// <summary>The loop did as <paramref name="wish"/> says.</summary>
    /// <param name="draining">Ends when the listeners that were closed have.</param>
    public void Fulfil(State wish, Task draining)
    {
        if (wish == State.Closed)
        {
            _shut.TrySetResult(draining);
        }
    }

    /// <summary>A door's three states, each an object of its own.</summary>
    public sealed class State
    {
        private State(bool admits) => Admits = admits;

        /// <summary>Not open yet.</summary>
        public static State NotYet { get; } = new(admits: false);

        public static State Open { get; } = new(admits: true);

        public static State Closed { get; } = new(admits: false);

        /// <summary>Whether the listeners for peers are open.</summary>
        public bool Admits { get; }
    }
}
