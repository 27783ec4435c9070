// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.program.SessionBrokenException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 9, Integer.MAX_VALUE})
    void readsFramesHoweverTheyAreCutUp(int atOnce) throws Exception {
        byte[] large = new byte[3 << 20];
        large[large.length - 1] = 1;
        byte[] sent = new Bytes()
                .bytes(new Bytes().frame(Frames.READY))
                .bytes(new Bytes().number(7).frame(Frames.FAILED))
                .bytes(new Bytes().bytes(large).frame(Frames.YIELDED))
                .array();
        var frames = Frames.alone(new MemoryWire(sent, atOnce));

        assertEquals(Frames.READY, frames.read(0).type());
        assertArrayEquals(new byte[] {7, 0, 0, 0}, frames.read(4).payload());
        assertArrayEquals(large, frames.read(large.length).payload());
        assertThrows(SessionBrokenException.class, () -> frames.read(0));
    }

    @Test
    void refusesAFrameThatIsLargerThanExpected() {
        var frames = Frames.alone(new MemoryWire(new Bytes().number(1).number(5).array()));
        assertThrows(SessionBrokenException.class, () -> frames.read(4));
    }

    @Test
    void refusesALengthAboveTwoGigabytes() {
        var frames =
                Frames.alone(new MemoryWire(new Bytes().number(1).number(-1).array()));
        assertThrows(SessionBrokenException.class, () -> frames.read(Frames.MAX_LENGTH));
    }

    @Test
    void noticesThatAPayloadIsCutShort() {
        var frames = Frames.alone(
                new MemoryWire(new Bytes().number(1).number(40 << 20).number(0).array()));
        assertThrows(SessionBrokenException.class, () -> frames.read(Frames.MAX_LENGTH));
    }

    @Test
    void onlyOneConnectionAtATimeMayReceiveALargeFrame() throws Exception {
        var permit = new SingleLargeFrame(Duration.ofMillis(1));
        int large = SingleLargeFrame.SMALL + 1;
        byte[] sent = new Bytes()
                .bytes(new Bytes().bytes(new byte[large]).frame(Frames.YIELDED))
                .bytes(new Bytes().bytes(new byte[large]).frame(Frames.YIELDED))
                .array();
        var first = new Frames(new MemoryWire(sent), permit);
        var second = new Frames(new MemoryWire(sent), permit);
        var third = new Frames(new MemoryWire(sent), permit);

        first.read(large);
        first.read(large);
        assertThrows(SessionBrokenException.class, () -> second.read(large));
        second.close();
        first.close();
        first.close();
        third.read(large);
        assertFalse(permit.acquire());
    }

    @Test
    void writesTypeLengthAndPayload() throws Exception {
        var wire = new MemoryWire(new byte[0]);
        Frames.alone(wire).write(Frames.GO, new byte[] {9, 8});
        assertArrayEquals(new byte[] {17, 0, 0, 0, 2, 0, 0, 0, 9, 8}, wire.written());
    }
}
