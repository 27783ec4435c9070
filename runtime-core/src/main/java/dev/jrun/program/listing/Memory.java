// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program.listing;

import dev.jrun.program.Address;
import dev.jrun.program.Image;
import dev.jrun.program.Instruction;
import dev.jrun.program.Operand;
import dev.jrun.program.Program;
import dev.jrun.program.Quoted;
import dev.jrun.program.Register;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A program's image as its reader sees it: its initial content, and the registers that are written to it while the
 * program runs.
 */
final class Memory {

    private final Image image;
    private final ByteBuffer data;
    private final Map<Integer, Address> pointers = new HashMap<>();
    private final Set<Integer> strings = new HashSet<>();
    private final TreeMap<Integer, Integer> buffers = new TreeMap<>();

    /** Registers that are written as binary numbers, by where. */
    private final Map<Integer, Register> stored = new HashMap<>();

    /** What is written as decimal numbers, by where. */
    private final Map<Integer, Operand> formatted = new HashMap<>();

    /** Eight bytes that are put behind a decimal number, by where they are if it has no digits. */
    private final Map<Integer, Long> tails = new HashMap<>();

    Memory(Program program) {
        image = program.image();
        data = ByteBuffer.wrap(image.data()).order(ByteOrder.LITTLE_ENDIAN);
        for (Image.Relocation relocation : image.relocations()) {
            pointers.put(relocation.offset(), relocation.target());
        }
        for (Address string : image.strings()) {
            strings.add(string.offset());
        }
        for (Address buffer : image.buffers()) {
            buffers.put(image.offsetOf(buffer), 0);
        }
        for (Instruction instruction : program.instructions()) {
            note(instruction);
        }
    }

    private void note(Instruction instruction) {
        switch (instruction) {
            case Instruction.Store(Instruction.Width _, Address place, Operand.Constant(long index), Register value)
            when index == 0 -> stored.put(image.offsetOf(place), value);
            case Instruction.Store(Instruction.Width width, Address place, Register _, Operand.Constant(long value))
            when width == Instruction.Width.LONG -> tails.put(image.offsetOf(place), value);
            case Instruction.FormatDecimal(Optional<Register> _, Address place, Operand value) ->
                formatted.put(image.offsetOf(place), value);
            case Instruction.Store _,
                    Instruction.SystemCall _,
                    Instruction.Move _,
                    Instruction.Compute _,
                    Instruction.Load _,
                    Instruction.Branch _,
                    Instruction.OnFail _,
                    Instruction.Yield _,
                    Instruction.Hold _,
                    Instruction.Supervise _,
                    Instruction.Relay _,
                    Instruction.Exit _,
                    Instruction.End _,
                    Instruction.Ready _,
                    Instruction.Adopt _,
                    Instruction.Fail _ -> {}
        }
    }

    /** Whether {@code place} is the start of a string. */
    boolean isString(Address place) {
        return place.isInitialised() && strings.contains(place.offset())
                || formatted.containsKey(image.offsetOf(place));
    }

    boolean isConstant(Address place) {
        return place.isInitialised();
    }

    /** {@code [buffer 2+16]}; buffers are numbered as they are asked for. */
    String buffer(Address place) {
        int offset = image.offsetOf(place);
        Map.Entry<Integer, Integer> start = buffers.floorEntry(offset);
        if (start == null) {
            return "[image+" + offset + "]";
        }
        int number = start.getValue();
        if (number == 0) {
            number = 1
                    + (int) buffers.values().stream().filter(known -> known > 0).count();
            buffers.put(start.getKey(), number);
        }
        int distance = offset - start.getKey();
        return distance == 0 ? "[buffer " + number + "]" : "[buffer " + number + "+" + distance + "]";
    }

    /** The register that the program writes at {@code place + distance}. */
    Optional<Register> register(Address place, int distance) {
        return Optional.ofNullable(stored.get(image.offsetOf(place) + distance));
    }

    /** The number at {@code place + distance} before the program runs. */
    long number(Address place, int distance, Instruction.Width width) {
        int offset = image.offsetOf(place) + distance;
        long number = 0;
        for (int i = 0; i < width.bytes(); i++) {
            number |= (long) Byte.toUnsignedInt(at(offset + i)) << (8 * i);
        }
        return number;
    }

    private byte at(int offset) {
        return offset < data.capacity() ? data.get(offset) : 0;
    }

    /** The bytes at {@code place}, quoted. */
    String bytes(Address place, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(image.offsetOf(place) + i);
        }
        return Quoted.text(new String(bytes, StandardCharsets.UTF_8));
    }

    /** The string at {@code place + distance}, quoted; a number that is put into it appears as its register's name. */
    String string(Address place, int distance) {
        var text = new StringBuilder();
        int start = image.offsetOf(place) + distance;
        int offset = start;
        while (at(offset) != 0 && !formatted.containsKey(offset)) {
            offset++;
        }
        text.append(text(start, offset));
        Operand number = formatted.get(offset);
        if (number != null) {
            text.append('<').append(number).append('>').append(tail(offset));
        }
        return Quoted.text(text.toString());
    }

    private String text(int start, int end) {
        byte[] bytes = new byte[end - start];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = at(start + i);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String tail(int offset) {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = offset; tails.containsKey(at) && bytes.hasRemaining(); at += Long.BYTES) {
            bytes.putLong(tails.get(at));
        }
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    /** What the null-terminated table of pointers at {@code place} points to. */
    List<Address> table(Address place) {
        List<Address> table = new ArrayList<>();
        int offset = image.offsetOf(place);
        while (pointers.containsKey(offset)) {
            table.add(pointers.get(offset));
            offset += Long.BYTES;
        }
        return table;
    }
}
