// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.launch.netdev.DeviceAddress;
import dev.jrun.launch.netdev.NetDeviceInquiry;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks the shim, which is in its caller's network namespace, for the addresses of network devices. */
final class NetDeviceAddresses {

    private final Session session;

    NetDeviceAddresses(Session session) {
        this.session = session;
    }

    /**
     * The addresses of the devices of these names.
     *
     * @throws ContainerException if there is no such device; the shim awaits its next program
     */
    Map<String, List<DeviceAddress>> of(Collection<String> names) throws ContainerException, SessionBrokenException {
        NetDeviceInquiry inquiry = new NetDeviceInquiry(names);
        Conversation conversation = Conversation.run(session, inquiry.program());
        Map<String, List<DeviceAddress>> found = new LinkedHashMap<>();
        for (String name : names) {
            found.put(name, addresses(inquiry, conversation, found.size()));
        }
        conversation.awaitEnd();
        return found;
    }

    private static List<DeviceAddress> addresses(NetDeviceInquiry inquiry, Conversation conversation, int number)
            throws ContainerException, SessionBrokenException {
        List<DeviceAddress> addresses = new ArrayList<>();
        while (true) {
            Report.Yielded report = conversation.await(Tag.ADDRESSES);
            DeviceAddress.Dump dump = inquiry.dump(report.ranges().getFirst());
            addresses.addAll(dump.addresses());
            if (dump.isLast()) {
                conversation.goTo(inquiry.next(number));
                return addresses;
            }
            conversation.go();
        }
    }
}
