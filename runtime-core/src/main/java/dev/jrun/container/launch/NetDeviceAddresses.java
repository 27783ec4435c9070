// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.state.ContainerException;
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
        session.run(inquiry.program());
        Map<String, List<DeviceAddress>> found = new LinkedHashMap<>();
        for (String name : names) {
            found.put(name, addresses(inquiry, found.size()));
        }
        if (!(awaitReport(inquiry) instanceof Report.Finished)) {
            throw new SessionBrokenException("the shim does not end a program that asks for addresses");
        }
        return found;
    }

    private List<DeviceAddress> addresses(NetDeviceInquiry inquiry, int number)
            throws ContainerException, SessionBrokenException {
        List<DeviceAddress> addresses = new ArrayList<>();
        while (true) {
            Report report = awaitReport(inquiry);
            if (!(report instanceof Report.Yielded yielded) || Tag.of(yielded.tag()) != Tag.ADDRESSES) {
                throw new SessionBrokenException("the shim reported " + report + " in place of addresses");
            }
            DeviceAddress.Dump dump = inquiry.dump(yielded.ranges().getFirst());
            addresses.addAll(dump.addresses());
            if (dump.isLast()) {
                session.go(inquiry.next(number), List.of());
                return addresses;
            }
            session.go();
        }
    }

    private Report awaitReport(NetDeviceInquiry inquiry) throws ContainerException, SessionBrokenException {
        Report report = session.await();
        if (report instanceof Report.Failed failed) {
            throw new ContainerException(LaunchFailure.describe(inquiry.program(), failed));
        }
        return report;
    }
}
