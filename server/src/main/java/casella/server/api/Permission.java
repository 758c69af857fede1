package casella.server.api;

import static casella.incident.staff.Role.BILLING;
import static casella.incident.staff.Role.DATA_PROTECTION;
import static casella.incident.staff.Role.OPERATOR;
import static casella.incident.staff.Role.READ_ONLY;
import static casella.incident.staff.Role.SUPPORT;

import casella.incident.staff.Role;
import casella.server.control.BanOrder;
import casella.server.control.BreachOrder;
import casella.server.control.CardOrder;
import casella.server.control.DeskOrder;
import casella.server.control.DrillOrder;
import casella.server.control.HelpOrder;
import casella.server.control.IncidentOrder;
import casella.server.control.NamingOrder;
import casella.server.control.Order;
import casella.server.control.OutgoingOrder;
import casella.server.control.StaffOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Which roles may give an order by the network. An order that is not named here nobody may give so; whoever stands at the machine
/// itself may give any.
final class Permission {
    private static final Map<Class<? extends Order>, Set<Role>> ROLES = new HashMap<>();

    /// What is for the machine alone: it would put mail, or the means to read it, into somebody's hands (a password of an owner, a
    /// mailbox's export, the subjects of what was removed), names every address there is, or says who may do what.
    static final Set<Class<? extends Order>> AT_THE_MACHINE = Set.of(
            Order.AccountPassword.class, Order.Export.class, Order.RestoreList.class, Order.AccountList.class,
            StaffOrder.StaffPut.class, StaffOrder.StaffRemove.class, StaffOrder.StaffKey.class,
                    StaffOrder.StaffKeyEnd.class);

    static {
        seen();
        machines();
        owners();
        records();
        money();
    }

    private Permission() {}

    /// Returns the roles of which one is enough; none for what is given at the machine alone.
    static Set<Role> of(Class<? extends Order> order) {
        return ROLES.getOrDefault(order, Set.of());
    }

    /// How things are: nothing of anybody.
    private static void seen() {
        Set<Role> anybody = Set.of(Role.values());
        allow(anybody, Order.Status.class, Order.Debt.class, Order.Doctor.class, Order.Trends.class,
                Order.AutomationList.class);
        allow(anybody, OutgoingOrder.OutgoingDestinations.class);
        allow(anybody, Order.QueueList.class, Order.VaultList.class, Order.VaultShow.class,
                Order.CohortList.class);
        allow(anybody, Order.ReopenPlan.class, Order.ReopenStatus.class, IncidentOrder.IncidentList.class,
                IncidentOrder.IncidentShow.class);
        allow(anybody, Order.BrandList.class, Order.PlanList.class, Order.CompensationStatus.class);
        allow(Set.of(OPERATOR, DATA_PROTECTION, READ_ONLY), Order.CollectStatus.class);
    }

    private static void machines() {
        Set<Role> operators = Set.of(OPERATOR);
        allow(operators, Order.Support.class, Order.SupportFile.class, Order.AlertsTest.class,
                Order.AutomationPause.class,
                Order.AutomationResume.class);
        allow(operators, Order.AccountImport.class, Order.BrandAdd.class, Order.BrandDkim.class,
                Order.DomainAdd.class, NamingOrder.DkimRotate.class, NamingOrder.DkimRetire.class);
        allow(Set.of(OPERATOR, READ_ONLY), NamingOrder.Dns.class);
        allow(operators, Order.Rebuild.class, Order.QuarantineRelease.class, Order.StandbyOpen.class,
                Order.StandbyReturn.class);
        allow(operators, DrillOrder.DrillRun.class, DrillOrder.DrillStop.class, DrillOrder.DrillReports.class,
                DrillOrder.DrillReport.class, Order.CohortMove.class);
        allow(operators, Order.ReopenStart.class, Order.ReopenStop.class);
        allow(operators, IncidentOrder.IncidentOpen.class, IncidentOrder.IncidentUpdate.class,
                DeskOrder.PostMortem.class);
        allow(operators, Order.VaultAdd.class, Order.VaultBurnIn.class, Order.VaultStart.class,
                Order.VaultContinue.class);
        allow(operators, Order.VaultHalt.class, Order.VaultRollback.class, Order.VaultRetire.class,
                Order.VaultRemove.class);
        allow(Set.of(OPERATOR, SUPPORT), Order.AccountAdd.class, Order.StandbyList.class,
                Order.CohortShow.class);
        allow(Set.of(OPERATOR, SUPPORT), IncidentOrder.IncidentAnswer.class);
        allow(Set.of(OPERATOR, SUPPORT, DATA_PROTECTION), Order.Verify.class, Order.Proof.class);
        // Envelopes of mail that waits: senders and recipients.
        allow(Set.of(OPERATOR, DATA_PROTECTION), OutgoingOrder.OutgoingList.class);
        allow(operators, OutgoingOrder.OutgoingHold.class, OutgoingOrder.OutgoingRelease.class,
                OutgoingOrder.OutgoingRetry.class, OutgoingOrder.OutgoingCancel.class,
                OutgoingOrder.OutgoingRedirect.class);
        allow(Set.of(OPERATOR, DATA_PROTECTION), Order.QueueShow.class, Order.CollectRun.class);
        allow(Set.of(OPERATOR, DATA_PROTECTION), StaffOrder.StaffList.class, StaffOrder.AuditList.class);
    }

    /// What is said to owners, and done for them.
    private static void owners() {
        allow(Set.of(SUPPORT, DATA_PROTECTION, BILLING), CardOrder.AccountFind.class,
                CardOrder.AccountShow.class);
        allow(Set.of(SUPPORT, DATA_PROTECTION, BILLING), Order.Availability.class,
                Order.CompensationOf.class);
        allow(Set.of(SUPPORT), Order.AliasAdd.class, Order.AliasRemove.class);
        // Addresses of people at the other end.
        allow(Set.of(OPERATOR, SUPPORT, DATA_PROTECTION), BanOrder.BanList.class);
        allow(Set.of(OPERATOR), BanOrder.BanAdd.class, BanOrder.BanLift.class);
        // Where people's mail goes: who may change it could read it.
        allow(Set.of(OPERATOR), Order.ForwardSet.class, Order.ForwardRemove.class);
        allow(Set.of(OPERATOR, SUPPORT, DATA_PROTECTION), Order.ForwardList.class);
        allow(Set.of(SUPPORT, BILLING), Order.AccountPlan.class);
        // Inside a mailbox, with the code that its owner made, and no further than the owner said.
        allow(Set.of(SUPPORT), HelpOrder.HelpBegin.class, HelpOrder.HelpShow.class,
                HelpOrder.HelpFolders.class);
        allow(Set.of(SUPPORT), HelpOrder.HelpMessages.class, HelpOrder.HelpMessage.class,
                HelpOrder.HelpEnd.class);
        // Back into the owner's own folders.
        allow(Set.of(SUPPORT, DATA_PROTECTION), Order.Restore.class, Order.AccountState.class);
        Set<Role> complaints = Set.of(SUPPORT, DATA_PROTECTION);
        allow(complaints, Order.ComplaintList.class, Order.ComplaintShow.class, Order.ComplaintOpen.class);
        allow(complaints, Order.ComplaintImport.class, Order.ComplaintSort.class,
                Order.ComplaintAnswer.class);
        allow(complaints, Order.ComplaintDecide.class, Order.ComplaintAttach.class,
                Order.ComplaintFile.class);
    }

    private static void records() {
        Set<Role> protection = Set.of(DATA_PROTECTION);
        allow(protection, Order.AccountHold.class, Order.AccountErase.class, Order.Losses.class);
        allow(protection, BreachOrder.BreachList.class, BreachOrder.BreachShow.class,
                BreachOrder.BreachOpen.class);
        allow(protection, BreachOrder.BreachUpdate.class, BreachOrder.BreachDecide.class,
                BreachOrder.BreachExport.class);
        allow(protection, BreachOrder.IncidentReport.class, DeskOrder.AvailabilityAll.class);
        allow(Set.of(SUPPORT, DATA_PROTECTION), DeskOrder.ComplaintExport.class,
                DeskOrder.ComplaintPackage.class,
                DeskOrder.AssociationPack.class);
    }

    private static void money() {
        Set<Role> billing = Set.of(BILLING);
        allow(billing, Order.PlanAdd.class, Order.CompensationPreview.class, Order.CompensationApprove.class);
        allow(billing, Order.CompensationApply.class, Order.CompensationRevoke.class,
                Order.CompensationList.class);
    }

    @SafeVarargs
    private static void allow(Set<Role> roles, Class<? extends Order>... orders) {
        for (Class<? extends Order> order : orders) {
            if (ROLES.put(order, roles) != null) throw new IllegalStateException(order + " is allowed twice");
        }
    }
}
