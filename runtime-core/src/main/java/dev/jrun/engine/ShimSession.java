// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.call.LinuxSocket;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A shim at the other end of a socket. It knows whose turn it is: waiting for a shim that waits itself would last for
 * ever, so it is refused as an error of the engine's.
 */
public final class ShimSession implements Session {

    /** The most that a program may report at once: a config.json of 16 MB and a little more. */
    private static final int MAX_REPORT = 17 << 20;

    private final Frames frames;
    private final Machine machine;
    private int unfinished;
    private boolean held;

    private ShimSession(Frames frames, Machine machine, int unfinished) {
        this.frames = frames;
        this.machine = machine;
        this.unfinished = unfinished;
    }

    /** A shim that awaits a program. */
    static ShimSession awaiting(Frames frames, Machine machine) {
        return new ShimSession(frames, machine, 0);
    }

    /** A shim that begins, as one does at the end of a program: it says so, and then awaits another. */
    static ShimSession beginning(Frames frames, Machine machine) {
        return new ShimSession(frames, machine, 1);
    }

    /**
     * A shim that a program has started for itself, and that begins.
     *
     * @param socket what it was given the other end of; the only one of this JVM
     */
    public static ShimSession ofOwnShim(LinuxSocket socket) {
        return beginning(Frames.alone(new SocketWire(socket)), Machine.host());
    }

    /** Whether the shim is known to await a program. */
    boolean awaitsProgram() {
        return unfinished == 0;
    }

    @Override
    public void run(Program program) throws SessionBrokenException {
        if (unfinished != 0) {
            throw new IllegalStateException("the shim has not finished the program before");
        }
        send(program);
    }

    @Override
    public void queue(Program program) throws SessionBrokenException {
        if (unfinished > 1) {
            throw new IllegalStateException("the shim has not finished the program before the last");
        }
        send(program);
        held = program.holds();
    }

    private void send(Program program) throws SessionBrokenException {
        unfinished++;
        frames.write(Frames.PROGRAM, program.encode(machine));
    }

    private void checkItIsTheShimsTurn() {
        if (unfinished == 0) {
            throw new IllegalStateException("the shim awaits a program, so that it will say nothing");
        }
        if (held && unfinished == 1) {
            throw new IllegalStateException("the shim holds its program, so that it will say nothing");
        }
    }

    @Override
    public void checkIsThere() throws SessionBrokenException {
        frames.checkIsOpen();
    }

    @Override
    public void forgetReports() {
        frames.giveRoomBack();
    }

    @Override
    public Report await() throws SessionBrokenException {
        checkItIsTheShimsTurn();
        Frames.Frame frame = frames.read(MAX_REPORT);
        ByteBuffer in = ByteBuffer.wrap(frame.payload()).order(ByteOrder.LITTLE_ENDIAN);
        try {
            Report report = switch (frame.type()) {
                case Frames.READY -> new Report.Ready();
                case Frames.YIELDED -> yielded(in);
                case Frames.FAILED -> failed(in);
                case Frames.FINISHED -> new Report.Finished();
                default -> throw new SessionBrokenException("a frame of type " + frame.type());
            };
            if (in.hasRemaining()) {
                throw new SessionBrokenException("a report with " + in.remaining() + " bytes too many");
            }
            if (!(report instanceof Report.Yielded)) {
                unfinished--;
            }
            return report;
        } catch (BufferUnderflowException e) {
            throw new SessionBrokenException("a report that ends too early", e);
        }
    }

    private static Report yielded(ByteBuffer in) {
        int tag = in.getInt();
        in.getInt();
        long mask = in.getLong();
        Map<Integer, Long> registers = new HashMap<>();
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            registers.put(Long.numberOfTrailingZeros(rest), in.getLong());
        }
        List<byte[]> ranges = new ArrayList<>(2);
        ranges.add(range(in));
        ranges.add(range(in));
        return new Report.Yielded(tag, registers, ranges);
    }

    private static byte[] range(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static Report failed(ByteBuffer in) throws SessionBrokenException {
        int instruction = in.getInt();
        int errno = in.getInt();
        if (errno < 1 || errno > Errno.MAX_ERRNO) {
            throw new SessionBrokenException("a failure with errno " + errno);
        }
        return new Report.Failed(instruction, errno);
    }

    @Override
    public void go(int target, List<Patch> patches) throws SessionBrokenException {
        int size = 2 * Integer.BYTES;
        for (Patch patch : patches) {
            size = Math.addExact(size, 2 * Integer.BYTES + patch.bytes().length);
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(target).putInt(patches.size());
        for (Patch patch : patches) {
            out.putInt(patch.offset()).putInt(patch.bytes().length).put(patch.bytes());
        }
        frames.write(Frames.GO, out.array());
        held = false;
    }
}
